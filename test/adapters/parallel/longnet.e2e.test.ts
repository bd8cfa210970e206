import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchesOf, headRuns } from '../../../adapters/parallel/programs/longnet.js';
import { worldOf } from '../../../spec/scheme/world.js';
import type { Case, Dims, Scheme } from '../../../spec/types/documents.js';
import { expectDeclaredBytes, expectSameBits, expectSingleDevice, library, onRanks, schemeCase } from './support.js';

function dilatedCase(dims: Partial<Dims>, mask: string, options: Case['options'], dtype: Case['dtype'] = 'f64'): Case {
  return { ...schemeCase(dims, { name: mask }, {}, dtype), operator: 'dilated', options };
}

describe('longnet', () => {
  it.each([
    [1, {}],
    [7, { segment: 2, ratio: 2, levels: 3 }],
    [13, { segment: 4, ratio: 2, levels: 2, scale: 0.25 }],
    [17, { segment: 1, ratio: 3, levels: 3 }],
    [20, { segment: 3, ratio: 1, levels: 2 }],
    [9, { segment: 16, levels: 1 }],
  ])('is a single device with dilated attention over %i tokens, %j', async (n, options) => {
    const full = dilatedCase({ b: 2, hk: 1, g: 1, n }, 'full', options);
    await expectSingleDevice(full, 'longnet', [1, 2, 5], ['forward', 'backward']);
    const causal = dilatedCase({ b: 1, hk: 2, g: 3, n }, 'causal', options);
    await expectSingleDevice(causal, 'longnet', [1, 3, 4], ['forward', 'backward']);
  });

  it('sends what its document says in narrow types', async () => {
    const c = dilatedCase({ b: 2, hk: 3, g: 2, n: 23, d: 5, e: 3 }, 'causal', { segment: 3, ratio: 2, levels: 3 }, 'bf16');
    await expectDeclaredBytes(c, 'longnet', [1, 2, 3, 8], ['forward', 'backward']);
  });

  it('sends nothing where every segment lies on one rank', async () => {
    const { sent } = await onRanks(dilatedCase({ n: 16 }, 'full', { segment: 2, ratio: 2, levels: 2 }), 'longnet', 4);
    expect([...sent.data]).toEqual([0, 0, 0, 0]);
  });

  it('gives the same bits in every order', async () => {
    const c = dilatedCase({ hk: 2, g: 1, n: 14 }, 'causal', { levels: 2 }, 'f32');
    for (const direction of ['forward', 'backward'] as const) await expectSameBits(c, 'longnet', 4, direction);
  });

  it('refuses other masks', async () => {
    const c = { ...dilatedCase({ n: 8 }, 'full', {}), mask: { and: [{ name: 'full' }] } };
    await expect(onRanks(c, 'longnet', 2)).rejects.toThrow('it is right for the masks full, causal, found a composed one');
  });
});

describe('dilation', () => {
  it('has every query head once, with its key head and the offset of its own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 }), (hk, g, rate) => {
        const heads = headRuns({ hk, g }, rate).flatMap(({ heads: { first, group }, keyHead, offset }) =>
          Array.from({ length: group }, (_, x) => [first + x, keyHead, offset]),
        );
        const expected = Array.from({ length: hk * g }, (_, h) => [h, Math.floor(h / g), Math.floor(h / Math.ceil((hk * g) / rate))]);
        expect(heads).toEqual(expected);
      }),
    );
  });

  it('widens segments and rates together', () => {
    const dims = { b: 1, hk: 1, g: 1, m: 8, n: 8, d: 1, e: 1 };
    const world = worldOf(library.schemes.get('longnet') as Scheme, dims, 2, false, { segment: 2, ratio: 3, levels: 3 });
    expect(branchesOf(world)).toEqual([
      { segment: 2, rate: 1 },
      { segment: 6, rate: 3 },
      { segment: 18, rate: 9 },
    ]);
  });
});
