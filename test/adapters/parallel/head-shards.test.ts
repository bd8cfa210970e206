import { describe, expect, it } from 'vitest';
import { headsOfMember, headsToRows, rowsToHeads } from '../../../adapters/parallel/collectives/head-shards.js';
import { SimulatedWorld } from '../../../adapters/parallel/transports/simulated/world.js';
import { tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';

const dims = { b: 2, hk: 2, g: 2, m: 4, n: 4, d: 1, e: 1 };

describe('heads of a member', () => {
  it('are whole groups where there are key heads enough', () => {
    expect([0, 1].map((member) => headsOfMember(dims, 2, member))).toEqual([
      { first: 0, keyHeads: 1, group: 2 },
      { first: 2, keyHeads: 1, group: 2 },
    ]);
    expect(headsOfMember(dims, 1, 0)).toEqual({ first: 0, keyHeads: 2, group: 2 });
  });

  it('share a key head where there are not', () => {
    expect([0, 1, 2, 3].map((member) => headsOfMember(dims, 4, member).first)).toEqual([0, 1, 2, 3]);
    expect(headsOfMember(dims, 4, 3)).toEqual({ first: 3, keyHeads: 1, group: 1 });
  });
});

/** Element (batch entry, head, row) as the digits of a number. */
function numbered(heads: number, rows: readonly number[]) {
  const values = [0, 1].flatMap((b) => Array.from({ length: heads }, (_, h) => rows.map((row) => 100 * b + 10 * h + row)).flat());
  return tensorOf('f32', [2, heads, rows.length, 1], values);
}

it('members get their heads of all rows, and a key head that several read', async () => {
  const received = await new SimulatedWorld(4).run(async (comm) => {
    const rows = { queries: [numbered(4, [comm.rank])], keys: [numbered(2, [comm.rank])] };
    const { queries, keys } = await rowsToHeads(comm, dims, rows);
    return [queries[0], keys[0]].map((t) => [...valuesOf(t)]);
  });
  expect(received[3]).toEqual([
    [30, 31, 32, 33, 130, 131, 132, 133],
    [10, 11, 12, 13, 110, 111, 112, 113],
  ]);
  expect(received.map(([, [first]]) => first)).toEqual([0, 0, 10, 10]);
});

it('back in rows, queries are what they were and keys as often as they were read', async () => {
  for (const schedule of [0, 1, 2, 3]) {
    const received = await new SimulatedWorld(4, { schedule }).run(async (comm) => {
      // ranks have one row, the last two
      const own = comm.rank === 3 ? [3, 4] : [comm.rank];
      const there = await rowsToHeads(comm, dims, { queries: [numbered(4, own)], keys: [numbered(2, own)] });
      return headsToRows(comm, dims, there, [1, 1, 1, 2]);
    });
    received.forEach(({ queries, keys }, rank) => {
      const own = rank === 3 ? [3, 4] : [rank];
      expect(queries).toEqual([numbered(4, own)]);
      expect([...valuesOf(keys[0])]).toEqual([...valuesOf(numbered(2, own))].map((x) => 2 * x));
    });
  }
});
