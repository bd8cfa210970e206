import fc from 'fast-check';
import { expect, it } from 'vitest';
import { remapRows, tokenPlaces } from '../../../adapters/parallel/collectives/remap-rows.js';
import { takeRows } from '../../../adapters/parallel/collectives/shards.js';
import { SimulatedWorld } from '../../../adapters/parallel/transports/simulated/world.js';
import { segmentsOf } from '../../../spec/positions.js';
import { tensorOf } from '../../../spec/tensor/tensor.js';

/** Each rank's tokens, by the rank of each. */
const layoutOf = (owners: readonly number[], ranks: number) =>
  Array.from({ length: ranks }, (_, rank) => segmentsOf(owners.flatMap((owner, token) => (owner === rank ? [token] : []))));

const drawn = fc
  .record({ ranks: fc.integer({ min: 1, max: 4 }), pairs: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 12 }) })
  .map(({ ranks, pairs }) => {
    const layouts = [0, 1].map((x) =>
      layoutOf(
        pairs.map((pair) => pair[x] % ranks),
        ranks,
      ),
    );
    return { ranks, tokens: pairs.length, from: layouts[0], to: layouts[1] };
  });

it('rows lie where the other layout has them, and come back', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ ranks, tokens, from, to }) => {
      const whole = tensorOf(
        'f32',
        [2, 1, tokens, 2],
        Array.from({ length: 4 * tokens }, (_, x) => x),
      );
      const [here, there] = [tokenPlaces(from, tokens), tokenPlaces(to, tokens)];
      await new SimulatedWorld(ranks, { schedule: 1 }).run(async (comm) => {
        const own = takeRows(whole, from[comm.rank]);
        const [moved] = await remapRows(comm, [own], here, there);
        expect(moved).toEqual(takeRows(whole, to[comm.rank]));
        expect(await remapRows(comm, [moved], there, here)).toEqual([own]);
      });
    }),
    { numRuns: 60 },
  );
});
