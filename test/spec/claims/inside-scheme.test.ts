import { describe, expect, it } from 'vitest';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { claimsInside } from '../../../spec/claims/inside-scheme.js';
import { createLibrary } from '../../../spec/library.js';
import type { Capabilities, Scheme } from '../../../spec/types/documents.js';

const library = createLibrary();
const ring = library.schemes.get('ring') as Scheme;

const inside = (limits: NonNullable<Capabilities['limits']>) => {
  const capabilities = { dtypes: ['f32'], operators: ['softmax'], outputs: ['o', 'lse'], denseMask: 'boolean', limits } as const;
  return claimsInside(library, resolveCapabilities(capabilities as unknown as Capabilities, 'test'), ring);
};

describe('a kernel inside a scheme', () => {
  it('may have a largest length, which holds for its blocks where it holds for the whole', () => {
    const limits = { m: { max: 4096 }, n: { max: 4096 }, d: [64] };
    expect(inside(limits)).toMatchObject({ limits });
  });

  it.each<NonNullable<Capabilities['limits']>>([{ m: [64] }, { n: { min: 16 } }, { m: '=n' }, { n: { max: 64, multipleOf: 8 } }])(
    'takes blocks of any size: %j',
    (limits) => {
      expect(inside(limits)).toBe('its limits on m and n do not allow blocks of every size');
    },
  );
});
