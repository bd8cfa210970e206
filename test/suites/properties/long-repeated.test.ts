import { describe, expect, it } from 'vitest';
import { adapterOf, type Mutant } from '../../../adapters/controls/mutants/index.js';
import { longMutants } from '../../../adapters/controls/mutants/long.js';
import { longBatchInvariant } from '../../../suites/properties/kernel/long-batch-invariant.js';
import { longStateless } from '../../../suites/properties/kernel/long-stateless.js';
import { claims, referenceWith, tryCases } from './on-kernel.js';

/** A step of decoding at 15 bits of keys: what tests can afford. */
const decoding = claims({ grouped: false, limits: { m: { max: 1 }, n: { max: 2 ** 15 - 1 }, d: [32] } });
const faulty = (id: string) => adapterOf(longMutants.find((own) => own.id === id) as Mutant).open();

describe.each([
  [longBatchInvariant, 'splits-by-batch', longStateless],
  [longStateless, 'value-tile-of-call-before', longBatchInvariant],
] as const)('$0.name', (property, id, other) => {
  it('passes a correct kernel', async () => {
    expect(await tryCases(property, referenceWith(), 1, 'f32', decoding)).toEqual({ decided: 1 });
  }, 60_000);

  it(`fails a kernel with ${id}`, async () => {
    expect((await tryCases(property, await faulty(id), property.cases ?? 1, 'f32', decoding)).failure?.class).toBeDefined();
    if (property === longBatchInvariant) expect((await tryCases(other, await faulty(id), 1, 'f32', decoding)).failure).toBeUndefined();
  }, 60_000);
});
