import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { adapterOf } from '../../../../adapters/controls/mutants/lib/adapter.js';
import { allKeys } from '../../../../adapters/controls/mutants/lib/hidden-keys.js';
import type { Mutant } from '../../../../adapters/controls/mutants/lib/mutant.js';
import { reference } from '../../../../adapters/controls/reference/index.js';
import { drawCase } from '../../../../generators/lib/seeds.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { caseArbitrary } from '../../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';

const library = createLibrary();
const careful: Mutant = {
  id: 'careful',
  class: 'Poison',
  title: 'every key is read, hidden ones are dealt with',
  imitates: 'nothing',
  fault: { forward: allKeys({}) },
};

describe('the loop over all keys', () => {
  test.prop([fc.nat(), fc.constantFrom('f32', 'f16')], { numRuns: 60 })(
    'without a fault gives the bits of the one that skips hidden keys',
    async (seed, dtype) => {
      const capabilities = resolveCapabilities(reference.capabilities, 'reference');
      const request = { operator: 'softmax', feature: 'all', mask: 'any', dtype, needs: {} } as const;
      const c = drawCase(caseArbitrary(Claims.of(library, capabilities), request), seed).value;
      const call = { case: c, tensors: tensorsOf(Claims.of(library, capabilities), c) };
      const [expected, actual] = await Promise.all([reference, adapterOf(careful)].map(async (a) => (await a.open()).forward(call)));
      expect(actual).toEqual(expected);
    },
  );
});
