import { describe, expect, it } from 'vitest';
import { adapterOf } from '../../../adapters/controls/mutants/lib/adapter.js';
import type { Mutant } from '../../../adapters/controls/mutants/lib/mutant.js';
import { longMutants } from '../../../adapters/controls/mutants/long.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case } from '../../../spec/types/documents.js';
import { longBatchInvariant } from '../../../suites/properties/kernel/long.js';
import { longStateless } from '../../../suites/properties/kernel/long-stateless.js';
import { claims, library, referenceWith, tryCases } from './on-kernel.js';

/** A step of decoding at 15 bits of keys: what tests can afford. */
const decoding = claims({ grouped: false, limits: { m: { max: 1 }, n: { max: 2 ** 15 - 1 }, d: [32] } });
const faulty = (id: string) => adapterOf(longMutants.find((own) => own.id === id) as Mutant).open();

describe('the calls of long-stateless', () => {
  const of = Claims.of(library, claims({ grouped: false }));
  const one: Case = {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 1, m: 4, n: 40_000, d: 32, e: 32 },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'targeted', seed: 3 },
  };
  const lengths = (c: Case) => longStateless.calls(c, of).map(({ case: { dims } }) => dims.n);

  it('have another shape among them, where the lengths of documents do not make it', () => {
    expect(new Set(lengths(one)).size).toBe(2);
    const packed = { q: [1, 3], k: [30_000, 10_000] };
    expect(new Set(lengths({ ...one, layout: 'thd', packed })).size).toBe(1);
  });
});

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
