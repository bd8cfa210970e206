import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { zigzagDocuments } from '../../../adapters/parallel/programs/ring-documents.js';
import { createLibrary } from '../../../spec/library.js';
import { placesOf } from '../../../spec/positions.js';
import { worldOf } from '../../../spec/scheme/world.js';
import type { Mask, Scheme } from '../../../spec/types/documents.js';
import { expectDeclaredBytes, expectSameBits, expectSingleDevice, schemeCase } from './support.js';

const scheme = 'ring-zigzag-document';
const document = createLibrary().schemes.get(scheme) as Scheme;
const both = ['forward', 'backward'] as const;

const masks = (lengths: number[]): Mask[] => [
  { name: 'document', parameters: { lengths } },
  { name: 'document-causal', parameters: { lengths } },
  { name: 'prefix-document', parameters: { lengths, prefix: 2 } },
];

function placed(lengths: number[], ranks: number): number[][] {
  const n = lengths.reduce((a, b) => a + b, 0);
  const { dims } = schemeCase({ n }, { name: 'full' });
  const [mask] = masks(lengths);
  return zigzagDocuments(mask, worldOf(document, dims, ranks, false, {}, mask)).map((places) => [...placesOf(places)]);
}

describe(scheme, () => {
  it('cuts each document by itself, with padding where it ends', () => {
    expect(placed([5, 0, 8], 2)).toEqual([
      [0, 1, 14, 15, 5, 6, 11, 12],
      [2, 3, 4, 13, 7, 8, 9, 10],
    ]);
  });

  test.prop([fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }).filter((all) => all.some((x) => x > 0)), fc.integer({ min: 1, max: 8 })])(
    'gives every token and every row of padding to one rank, and each document to all evenly',
    (lengths, ranks) => {
      const places = placed(lengths, ranks);
      const padded = lengths.map((length) => Math.ceil(length / (2 * ranks)) * 2 * ranks);
      const rows = padded.reduce((a, b) => a + b, 0) / ranks;
      expect(places.map((own) => own.length)).toEqual(new Array(ranks).fill(rows));
      expect(places.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: rows * ranks }, (_, x) => x));
    },
  );

  it.each([1, 2, 3, 4])('is a single device on %i ranks, whatever the documents', async (ranks) => {
    for (const lengths of [
      [5, 0, 8, 1],
      [1, 1, 1],
    ])
      for (const mask of masks(lengths)) {
        const n = lengths.reduce((a, b) => a + b, 0);
        await expectSingleDevice(schemeCase({ b: 2, hk: 2, g: 2, n }, mask, { sink: true }), scheme, [ranks], both);
      }
  });

  it('sends what its document says, padding of every document included', async () => {
    for (const mask of masks([7, 4, 2])) {
      const c = schemeCase({ b: 2, hk: 2, g: 2, n: 13, d: 5, e: 3 }, mask, { sink: true }, 'bf16');
      await expectDeclaredBytes(c, scheme, [2, 3, 4], both);
    }
  });

  it('gives the same bits in every order', async () => {
    const c = schemeCase({ g: 2, n: 14 }, masks([8, 3, 2, 1])[1], { sink: true }, 'f32');
    for (const direction of both) await expectSameBits(c, scheme, 4, direction);
  });
});
