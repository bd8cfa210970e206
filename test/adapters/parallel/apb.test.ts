import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addByHead, largestRows, passingRanks, rowsByHead } from '../../../adapters/parallel/programs/apb-passing.js';
import { worldOf } from '../../../spec/scheme/world.js';
import { tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Dims, Scheme } from '../../../spec/types/documents.js';
import { declaredBytes, expectDeclaredBytes, expectSameBits, expectSingleDevice, library, onRanks, schemeCase } from './support.js';

function apbCase(dims: Partial<Dims>, options: Case['options'], dtype: Case['dtype'] = 'f64'): Case {
  return { ...schemeCase(dims, { name: 'causal' }, {}, dtype), operator: 'apb', options };
}

describe('apb', () => {
  it.each([
    [1, {}],
    [7, { anchor: 1, block: 3, top: 2 }],
    [13, { scale: 0.25 }],
    [17, { anchor: 0, block: 1, top: 1 }],
    // the anchor goes over several blocks, and over ranks
    [15, { anchor: 8, block: 2, top: 1 }],
    [12, { anchor: 3, block: 4, top: 0 }],
    // every key is passed on: causal attention
    [14, { anchor: 0, block: 4, top: 8 }],
    [9, { anchor: 2, block: 16, top: 3 }],
  ])('is a single device over %i tokens, %j', async (n, options) => {
    await expectSingleDevice(apbCase({ b: 2, hk: 1, g: 1, n }, options), 'apb', [1, 2, 5], ['forward', 'backward']);
    await expectSingleDevice(apbCase({ b: 1, hk: 2, g: 3, n }, options), 'apb', [3, 4, 8], ['forward', 'backward']);
  });

  it('sends what its document says in narrow types', async () => {
    const c = apbCase({ b: 2, hk: 3, g: 2, n: 23, d: 5, e: 3 }, { anchor: 5, block: 3, top: 2 }, 'bf16');
    await expectDeclaredBytes(c, 'apb', [1, 2, 3, 8], ['forward', 'backward']);
  });

  it('sends the anchor and the passed keys to later ranks: counted by hand', () => {
    // four ranks of one block of four; the first gives two keys of the anchor and one that it passes on, the others one each, to 3, 2 and 1 ranks
    const c = apbCase({ b: 1, hk: 2, g: 1, n: 16, d: 3, e: 1 }, { anchor: 2, block: 4, top: 1 }, 'f16');
    const width = 2 * (3 + 1) * 2;
    expect([...declaredBytes(c, 'apb', 4, 'forward')]).toEqual([3 * 3, 2, 1, 0].map((keys) => keys * width));
    // back in f32, to the first three keys of each later rank, and so on
    const back = [0, 3, 3 + 1, 3 + 1 + 1].map((keys) => keys * width * 2);
    expect([...declaredBytes(c, 'apb', 4, 'backward')]).toEqual([3 * 3, 2, 1, 0].map((keys, r) => keys * width + back[r]));
  });

  it('gives the same bits in every order', async () => {
    const c = apbCase({ hk: 2, g: 1, n: 14 }, { block: 3 }, 'f32');
    for (const direction of ['forward', 'backward'] as const) await expectSameBits(c, 'apb', 4, direction);
  });

  it('refuses other masks, and queries that are not the keys’ tokens', async () => {
    const c = { ...apbCase({ n: 8 }, {}), mask: { name: 'full' } };
    await expect(onRanks(c, 'apb', 2)).rejects.toThrow('it is right for the masks causal, found full');
    await expect(onRanks(apbCase({ n: 8, m: 3 }, {}), 'apb', 2)).rejects.toThrow('m = n is needed');
  });
});

describe('what ranks pass on', () => {
  it('is every token once, in whole blocks, with no key of the anchor among those passed on', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), size, fc.nat(12), size, fc.nat(5), (n, ranks, anchor, block, top) => {
        const dims = { b: 1, hk: 1, g: 1, m: n, n, d: 1, e: 1 };
        const found = passingRanks(worldOf(library.schemes.get('apb') as Scheme, dims, ranks, false, { anchor, block, top }));
        const blocks = found.flatMap((rank) => rank.blocks);
        expect(found.length).toBeLessThanOrEqual(ranks);
        expect(found.every((rank) => rank.blocks.length > 0)).toBe(true);
        expect(blocks.flatMap(({ start, length }) => Array.from({ length }, (_, x) => start + x))).toEqual([...new Array(n).keys()]);
        for (const { start, length, passed } of blocks) {
          expect(start % block).toBe(0);
          expect(passed).toBe(Math.min(top, [...new Array(length).keys()].filter((x) => start + x >= anchor).length));
        }
        expect(found.reduce((sum, rank) => sum + rank.anchor, 0)).toBe(Math.min(n, anchor));
      }),
    );
  });

  it('is chosen by each head for itself, and goes back to where it was', () => {
    // two heads of four rows
    const score = tensorOf('f32', [1, 2, 4, 1], [9, 1, 3, 2, 0, 5, 5, 5]);
    const rows = largestRows(score, 1, 4, 2);
    expect([...rows]).toEqual([2, 3, 1, 2]);
    const chosen = rowsByHead(score, rows);
    expect(chosen.shape).toEqual([1, 2, 2, 1]);
    expect([...valuesOf(chosen)]).toEqual([3, 2, 5, 5]);
    const into = new Float64Array(8).fill(1);
    addByHead(into, valuesOf(chosen), rows, 2, 4, 1);
    expect([...into]).toEqual([1, 1, 4, 3, 1, 6, 6, 1]);
  });
});
