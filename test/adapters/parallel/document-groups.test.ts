import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { WholeProblem } from '../../../adapters/parallel/blocks/local-attention.js';
import { type DocumentGroup, packDocuments, placesOfGroups } from '../../../adapters/parallel/collectives/document-groups.js';
import { hybridGroups } from '../../../adapters/parallel/programs/hybrid.js';
import { zeppelinGroups } from '../../../adapters/parallel/programs/zeppelin.js';
import { lengthOf, placesOf } from '../../../spec/positions.js';
import { worldOf } from '../../../spec/scheme/world.js';
import type { Scheme } from '../../../spec/types/documents.js';
import { library, schemeCase } from './support.js';

const lists = fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }).filter((lengths) => lengths.some((length) => length > 0));

function worldFor(scheme: string, lengths: readonly number[], ranks: number) {
  const n = lengths.reduce((sum, length) => sum + length, 0);
  const c = schemeCase({ n }, { name: 'document', parameters: { lengths: [...lengths] } });
  return { world: worldOf(library.schemes.get(scheme) as Scheme, c.dims, ranks), mask: c.mask, whole: { case: c } as WholeProblem };
}

const tokensOf = ({ places }: DocumentGroup) => places.reduce((sum, segments) => sum + lengthOf(segments), 0);

describe.each([
  ['hybrid', hybridGroups],
  ['zeppelin', zeppelinGroups],
])('the groups of %s', (scheme, documentGroups) => {
  test.prop([lists, fc.integer({ min: 1, max: 9 })])('have every token once, in ascending places', (lengths, ranks) => {
    const { world, whole } = worldFor(scheme, lengths, ranks);
    const groups = documentGroups(whole, world);
    expect(groups.map(tokensOf)).toEqual(lengths.filter((length) => length > 0));
    const places = placesOfGroups(groups, ranks).map((segments) => [...placesOf(segments)]);
    for (const own of places) expect(own).toEqual([...own].sort((x, y) => x - y));
    expect(places.flat().sort((x, y) => x - y)).toEqual(Array.from({ length: world.tokens }, (_, t) => t));
    for (const { ranks: members, places: shares } of groups) {
      expect(members).toEqual([...members].sort((x, y) => x - y));
      for (const share of shares) expect(lengthOf(share)).toBeGreaterThan(0);
    }
  });
});

describe('a rank for', () => {
  const sizes = (groups: readonly DocumentGroup[]) => groups.map(({ ranks }) => ranks);

  it('hybrid: a share of a document that fits it, in groups of powers of two', () => {
    // 32 tokens on 8 ranks, 4 each; a rank has more work with the 4 tokens than with its part of the 5, which come after them
    const { world, whole } = worldFor('hybrid', [14, 9, 5, 4], 8);
    expect(sizes(hybridGroups(whole, world))).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [6, 7], [4]]);
  });

  it('hybrid: all where the next power of two is more than there are', () => {
    const { world, whole } = worldFor('hybrid', [24], 6);
    expect(sizes(hybridGroups(whole, world))).toEqual([[0, 1, 2, 3, 4, 5]]);
  });

  it('zeppelin: short documents alone, middle ones in a node of four, long ones everywhere', () => {
    // 40 tokens on 8 ranks: 5 each, 20 a node
    const { world, whole } = worldFor('zeppelin', [21, 14, 5], 8);
    expect(sizes(zeppelinGroups(whole, world))).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3], [4]]);
  });
});

describe('packing', () => {
  test.prop([lists, fc.integer({ min: 1, max: 6 })])(
    'of documents on single ranks leaves no two apart by more than the largest',
    (lengths, ranks) => {
      const { world, mask } = worldFor('hybrid', lengths, ranks);
      const loads = new Array(ranks).fill(0);
      for (const {
        ranks: [rank],
        places: [own],
      } of packDocuments(mask, world, () => 1))
        loads[rank] += lengthOf(own) ** 2;
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(Math.max(...lengths) ** 2);
    },
  );
});
