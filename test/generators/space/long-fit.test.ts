import { describe, expect, it } from 'vitest';
import { caseArbitrary } from '../../../generators/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Limits } from '../../../spec/types/documents.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import type { Property } from '../../../suites/properties/property.js';
import { capable, library } from '../capable.js';

const { needs } = propertyNamed('long-counted') as Property;

function asked(limits: Limits, tokens: number) {
  const claims = Claims.of(library, capable({ limits }));
  return () => caseArbitrary(claims, { operator: 'softmax', mask: 'sliding-window', dtype: 'f32', needs, tokens });
}

describe('a length that is asked for', () => {
  it('is refused beyond the limits, with the nearest that they allow', () => {
    expect(asked({ n: { max: 2 ** 17 } }, 2 ** 20)).toThrow(/^1M keys are not within the limits; the nearest length that is: 128K$/);
    expect(asked({ n: { min: 2 ** 18 } }, 2 ** 16)).toThrow(/nearest length that is: 256K$/);
    expect(asked({ n: [1000, 5000] }, 2 ** 12)).toThrow(/^4K keys .*: 1000$/);
    expect(asked({}, 2 ** 25)).toThrow(/^32M keys .*: 16M$/);
  });

  it('is taken within them', () => {
    expect(asked({ n: { max: 2 ** 17 } }, 2 ** 17)).not.toThrow();
  });
});
