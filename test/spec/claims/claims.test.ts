import { expect, it } from 'vitest';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';

it('a mask without a document is refused, with the place and the nearest names', () => {
  const claims = (masks: string[]) =>
    Claims.of(createLibrary(), resolveCapabilities({ dtypes: ['f32'], operators: ['softmax'], masks }, 'kernel.json'), 'kernel.json');
  expect(() => claims(['full', 'causl'])).toThrow(
    /^kernel\.json: at \$\.masks\[1\]: found "causl", which names no mask; nearest of \d+: "causal", .*; --spec DIR adds your own documents$/,
  );
  expect(claims(['full', 'causal']).capabilities.masks).toEqual(['full', 'causal']);
});
