import { describe, expect, it } from 'vitest';
import { adapterOf } from '../../../adapters/controls/mutants/lib/adapter.js';
import type { Mutant } from '../../../adapters/controls/mutants/lib/mutant.js';
import { longMutants } from '../../../adapters/controls/mutants/long.js';
import { whyUndrawable } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Capabilities } from '../../../spec/types/documents.js';
import { longCodebook, longCounted, longTargeted } from '../../../suites/properties/kernel/long.js';
import { asksAll, fewOf, inEvery } from '../../some.js';
import { claims, library, referenceWith, tryCases } from './on-kernel.js';

/** A step of decoding at 15 bits of keys: what tests can afford. */
const decoding = claims({ limits: { m: { max: 2 }, n: { max: 2 ** 15 + 1 }, d: { max: 64 } } });
const mutant = (id: string) => longMutants.find((own) => own.id === id) as Mutant;

describe.each(fewOf([longCounted, longCodebook], 1))('$name', (property) => {
  it.each(fewOf(['bf16', 'f32'] as const, 1))(
    'passes a correct kernel in %s',
    async (dtype) => {
      expect(await tryCases(property, referenceWith(), 2, dtype, decoding)).toEqual({ decided: 2 });
    },
    60_000,
  );
});

describe.each(
  fewOf(
    [
      ['far-keys-skipped', longCodebook, longCounted],
      ['decoding-loses-a-key', longCounted, longCodebook],
    ] as const,
    1,
  ),
)('a kernel with %s', (id, finds, passes) => {
  it(`is failed by ${finds.name}`, async () => {
    const kernel = await adapterOf(mutant(id)).open();
    expect((await tryCases(finds, kernel, 6, 'f32', decoding)).failure).toBeDefined();
  }, 60_000);

  it.each(inEvery([passes, longTargeted]))(
    'is not failed by $name',
    async (other) => {
      const kernel = await adapterOf(mutant(id)).open();
      expect((await tryCases(other, kernel, 2, 'f32', decoding)).failure).toBeUndefined();
    },
    60_000,
  );
});

describe('cases of long-counted', () => {
  it.skipIf(asksAll)('are none where exponentials or sums are not exact', () => {
    const why = (numeric: Capabilities['numeric'], needs = longCounted.needs) =>
      whyUndrawable(Claims.of(library, claims({ numeric })), { operator: 'softmax', mask: 'full', dtype: 'f32', needs });
    expect(why({ exp: 1e-6 })).toContain('exponentials');
    expect(why({ partials: 'storage' })).toContain('sums');
    expect(why({ merge: 'weighted' })).toContain('merged');
    expect(why({ accumulate: 'f16' })).toContain('f16');
    expect(why({ accumulate: 'f64' }, longCodebook.needs)).toContain('float64');
    expect(why({})).toBeUndefined();
  });
});
