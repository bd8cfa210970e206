import { describe, expect, it } from 'vitest';
import { drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary, whyUndrawable } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Limits } from '../../../spec/types/documents.js';
import type { Property } from '../../../suites/contract/property.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { capable, library } from '../capable.js';

const { needs } = propertyNamed('long-counted') as Property;

function asked(limits: Limits, tokens: number) {
  const claims = Claims.of(library, capable({ limits }));
  return () => caseArbitrary(claims, { operator: 'softmax', mask: 'sliding-window', dtype: 'f32', needs, tokens });
}

describe('a length that is asked for', () => {
  it('is refused beyond the limits, with the nearest that they allow', () => {
    expect(asked({ n: { max: 2 ** 17 } }, 2 ** 20)).toThrow(/^1M keys are outside the limits; the nearest length within them: 128K$/);
    expect(asked({ n: { min: 2 ** 18 } }, 2 ** 16)).toThrow(/nearest length within them: 256K$/);
    expect(asked({ n: [1000, 5000] }, 2 ** 12)).toThrow(/^4K keys .*: 1000$/);
    expect(asked({}, 2 ** 25)).toThrow(/^32M keys .*: 16M$/);
  });

  it('is taken within them', () => {
    expect(asked({ n: { max: 2 ** 17 } }, 2 ** 17)).not.toThrow();
  });
});

describe('a scheme', () => {
  // of the suite: masks of blocks come as tensors, which are read; of the implementation: the mask has a name
  const ofScheme = (scheme: string) => {
    const claims = Claims.of(
      library,
      capable({
        limits: { m: { max: 2 ** 18 }, n: { max: 2 ** 18 } },
        schemes: { mine: { worlds: [2], document: { ...library.schemes.get('ring'), name: 'mine' } } },
      }),
    );
    const { needs } = propertyNamed('long-single-device') as Property;
    const arbitrary = caseArbitrary(claims, {
      operator: 'softmax',
      mask: 'any',
      dtype: 'f32',
      needs,
      tokens: 2 ** 18,
      scheme,
      speed: 'slow',
    });
    return () => drawCase(arbitrary, 5).value.dims.n;
  };

  it('of the suite reads each cell of a mask, so that a length may cost too much', () => {
    expect(ofScheme('ring')).toThrow('every case of 256K tokens that the scheme accepts costs more than a call may at this speed');
  });

  it('of the implementation is asked the same length', () => {
    expect(ofScheme('mine')()).toBe(2 ** 18);
  });
});

it.each(['block-sparse', 'variable-block-sparse'])(
  'a mask of blocks that is claimed by name is drawn with blocks that a table may have: %s',
  (mask) => {
    const claims = Claims.of(library, capable({ denseMask: false }));
    const request = { operator: 'softmax', mask, dtype: 'f32', needs } as const;
    // the visible keys of a row may be found only by trying every key: any reason but an error
    expect(() => whyUndrawable(claims, request)).not.toThrow();
  },
);
