import { describe, expect, it } from 'vitest';
import type { Mask } from '../../../spec/types/documents.js';
import { expectDeclaredBytes, expectSameBits, expectSingleDevice, onRanks, schemeCase } from './support.js';

const star = (block: number, query: number): Mask => ({ name: 'star', parameters: { block, query } });

describe('star', () => {
  it.each([
    [1, 1, 0],
    [1, 1, 3],
    [7, 2, 1],
    [13, 2, 3],
    [13, 5, 4],
    [16, 4, 0],
    [17, 20, 2],
    [9, 3, 9],
  ])('is a single device with its own mask: %i tokens, blocks of %i, %i of the query', async (n, block, query) => {
    const c = schemeCase({ b: 2, hk: 2, g: 2, n }, star(block, query), { sink: n !== 13 });
    await expectSingleDevice(c, 'star', [1, 2, 3, 4, 8], ['forward', 'backward']);
  });

  it('sends what its document says in narrow types', async () => {
    const c = schemeCase({ b: 2, hk: 2, g: 2, n: 21, d: 5, e: 3 }, star(3, 4), { sink: true }, 'bf16');
    await expectDeclaredBytes(c, 'star', [1, 2, 3, 5], ['forward', 'backward']);
  });

  it('gives the same bits in every order', async () => {
    const c = schemeCase({ b: 1, hk: 1, g: 2, n: 14 }, star(2, 3), { sink: true }, 'f32');
    for (const direction of ['forward', 'backward'] as const) await expectSameBits(c, 'star', 4, direction);
  });

  it('refuses every other mask', async () => {
    const c = schemeCase({ n: 8 }, { name: 'causal' });
    await expect(onRanks(c, 'star', 2)).rejects.toThrow('it is right for the masks star, found causal');
  });
});
