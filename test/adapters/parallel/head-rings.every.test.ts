import { describe, expect, it } from 'vitest';
import { layoutOf, worldOf } from '../../../spec/scheme/world.js';
import type { Scheme } from '../../../spec/types/documents.js';
import { asksAll, firstOf } from '../../some.js';
import { crossingMasks } from './masks.js';
import { declaredBytes, expectSingleDevice, library, onRanks, schemeCase } from './support.js';

const both = ['forward', 'backward'] as const;

describe.each(['usp', 'double-ring', 'double-ring-context'])('%s', (scheme) => {
  it.each(firstOf([1, 4, 6, 2, 3, 5, 7, 8], 3))('is a single device on %i ranks', async (ranks) => {
    for (const n of [1, 19]) {
      for (const mask of crossingMasks(n)) {
        await expectSingleDevice(schemeCase({ b: 2, hk: 2, g: 2, n }, mask, n > 1 ? { sink: true } : {}), scheme, [ranks], both);
      }
    }
  });

  it.skipIf(asksAll)('sends as many bytes as declared, whatever the dtype', async () => {
    for (const dtype of ['f32', 'f16', 'bf16'] as const) {
      for (const direction of both) {
        for (const ranks of [4, 8]) {
          const c = schemeCase({ hk: 2, g: 2, n: 7 }, { name: 'causal' }, { sink: true }, dtype);
          const { sent } = await onRanks(c, scheme, ranks, direction);
          expect([...sent.data]).toEqual([...declaredBytes(c, scheme, ranks, direction)]);
        }
      }
    }
  });
});

it.skipIf(asksAll).each([
  { scheme: 'usp', ranks: 2, text: 'the key heads must be a multiple of U: 2 where the number of ranks is even, else 1' },
  {
    scheme: 'double-ring',
    ranks: 8,
    text: 'the key heads must be a multiple of U: 2 where the number of ranks is a multiple of 8, else 1',
  },
])('$scheme refuses 3 key heads on $ranks ranks', async ({ scheme, ranks, text }) => {
  await expect(onRanks(schemeCase({ hk: 3, n: 8 }, { name: 'full' }), scheme, ranks)).rejects.toThrow(
    `${scheme} on ${ranks} ranks: ${text}`,
  );
});

describe('tokens', () => {
  const placed = (scheme: string, ranks: number, n: number) =>
    layoutOf(worldOf(library.schemes.get(scheme) as Scheme, { b: 1, hk: 2, g: 1, m: n, n, d: 1, e: 1 }, ranks));

  it.skipIf(asksAll)('of a group have the chunks of one rank of a zigzag ring', () => {
    // a ring of 2, heads shared by 2: chunks 0 and 3 belong to the first group, 1 and 2 to the second
    expect(placed('usp', 4, 8)).toEqual(chunks([[0], [3], [1], [2]], 2));
  });

  it.skipIf(asksAll)('of a ring without groups lie as in a zigzag ring', () => {
    expect(placed('usp', 3, 12)).toEqual(placed('ring-zigzag', 3, 12));
    expect(placed('double-ring', 4, 16)).toEqual(placed('ring-zigzag', 4, 16));
  });

  it.skipIf(asksAll)('are shared with a neighbour head-first, with a rank of the other half context-first', () => {
    expect(placed('double-ring', 8, 16)).toEqual(chunks([[0], [7], [1], [6], [2], [5], [3], [4]], 2));
    expect(placed('double-ring-context', 8, 16)).toEqual(chunks([[0], [1], [2], [3], [7], [6], [5], [4]], 2));
  });
});

function chunks(ranks: readonly (readonly number[])[], length: number) {
  return ranks.map((own) => own.map((chunk) => ({ start: chunk * length, length, stride: 1 })));
}

it.skipIf(asksAll)('usp declares what USP needs: all-to-all of two ranks, a ring of two groups', () => {
  const c = schemeCase({ hk: 2, n: 8, d: 3, e: 2 }, { name: 'causal' }, {}, 'f16');
  // half of q, k, v and o (2 heads, 2 rows), half of the LSE; one hop of k and v of one head, 4 rows
  expect([...declaredBytes(c, 'usp', 4, 'forward')]).toEqual(new Array(4).fill(2 * (3 + 3 + 2 + 2) * 2 + 2 * 4 + 4 * (3 + 2) * 2));
});

it.skipIf(asksAll)('a double ring takes as many hops of keys as a ring, and brings gradients home in every window', () => {
  const c = schemeCase({ n: 16, d: 3, e: 2 }, { name: 'full' });
  const kv = 4 * (3 + 2) * 8;
  expect([...declaredBytes(c, 'double-ring', 4, 'forward')]).toEqual(new Array(4).fill(3 * kv));
  // 2 windows of 2: 4 hops inside, 2 between
  expect([...declaredBytes(c, 'double-ring', 4, 'backward')]).toEqual(new Array(4).fill((3 + 4 + 2) * kv));
});
