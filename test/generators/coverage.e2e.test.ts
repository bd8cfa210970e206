import { describe, expect, test } from 'vitest';
import { coverageLabels } from '../../generators/coverage.js';
import { leastShares } from '../../generators/least-shares.js';
import { type DrawRequest, features } from '../../generators/lib/needs.js';
import { caseSeed, drawCase } from '../../generators/lib/seeds.js';
import { caseArbitrary } from '../../generators/whole/case.js';
import { masksOf } from '../../generators/whole/mask-form.js';
import { Claims } from '../../spec/claims/claims.js';
import type { Case } from '../../spec/types/documents.js';
import { capable, library, request } from './capable.js';

const capabilities = capable({ pages: { sizes: [16, 4, 1], append: true } });

const requests: readonly (readonly [string, DrawRequest])[] = [
  ...features.map((feature) => [`+${feature}`, request({ feature })] as const),
  ...['full', 'causal', 'sliding-window', 'document', 'share-question', 'block-causal-document', 'padding', 'block-sparse'].map(
    (mask) => [mask, request({ mask })] as const,
  ),
  ['visibility', request({ mask: 'causal', needs: { plainScores: true, distributions: ['visibility'] } })],
  ['empty rows', request({ needs: { emptyRows: true, plainScores: true } })],
  ['hidden keys', request({ needs: { hiddenKeys: true } })],
  ['a split', request({ needs: { split: true } })],
  ['views', request({ needs: { views: true } })],
  ['changes', request({ needs: { changes: true } })],
  ['appends', request({ needs: { history: 'appends', calls: 6 } })],
  ['a paged cache', request({ needs: { history: 'pages', calls: 8 } })],
  ...(['cross', 'grouped', 'all', 'packed', 'sink'] as const).map(
    (feature) => [`+${feature} with production sizes`, request({ feature, needs: { passes: 1 }, speed: 'medium' })] as const,
  ),
  ['causal with production sizes', request({ mask: 'causal', needs: { passes: 1 }, speed: 'medium' })],
  ['causal gradients with production sizes', request({ mask: 'causal', needs: { gradients: true, passes: 3 }, speed: 'medium' })],
  ['everything with production sizes', request({ needs: { passes: 2 }, speed: 'slow' })],
];

describe.each(requests)('cases for %s', (_, drawn) => {
  test('have every label often enough', () => {
    const cases = 1000;
    const arbitrary = caseArbitrary(Claims.of(library, capabilities), drawn);
    const counts: Record<string, number> = {};
    for (let i = 0; i < cases; i++) {
      const { value } = drawCase(arbitrary, caseSeed(11, i, 0));
      for (const label of coverageLabels(value, masksOf(library, value).own, capabilities)) counts[label] = (counts[label] ?? 0) + 1;
    }
    const least = leastShares(drawn);
    expect(Object.keys(least).length).toBeGreaterThan(4);
    const rare = Object.entries(least).filter(([label, share]) => (counts[label] ?? 0) < share * cases);
    expect(rare.map(([label, share]) => `${label}: ${(counts[label] ?? 0) / cases} < ${share}`)).toEqual([]);
  });
});

describe('labels', () => {
  const base: Case = {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 1, m: 4, n: 4, d: 4, e: 4 },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
  };
  const labels = (changes: Partial<Case>) => {
    const c = { ...base, ...changes };
    return coverageLabels(c, masksOf(library, c).own, capabilities);
  };

  test('of a plain case', () => {
    expect(labels({})).toEqual(['values:normal', 'default-scale', 'tail']);
  });

  test('of sizes and options', () => {
    const dims = { b: 2, hk: 2, g: 2, m: 4, n: 48, d: 8, e: 4 };
    expect(labels({ dims, options: { scale: 1, sink: true } })).toEqual([
      'values:normal',
      'given-scale',
      'sink',
      'b>1',
      'g>1',
      'm<n',
      'e<d',
      'h=l',
      'three-tiles-or-more',
    ]);
    expect(labels({ dims: { ...dims, m: 2, n: 4096, hk: 1, g: 1 } })).toEqual(expect.arrayContaining(['long', 'n=4096']));
  });

  test('of masks', () => {
    const causal = { name: 'causal' };
    const dims = { ...base.dims, m: 6 };
    expect(labels({ mask: causal, dims })).toEqual(expect.arrayContaining(['m>n', 'empty-row']));
    expect(labels({ mask: causal })).not.toContain('hidden-key');
    expect(labels({ mask: { not: causal } })).toEqual(expect.arrayContaining(['composed', 'empty-row', 'hidden-key']));
    expect(labels({ mask: causal, dims: { ...dims, m: 32, n: 32 } })).toContain('wiped-tile');
    expect(labels({ mask: { name: 'document', parameters: { lengths: [2, 0, 2] } } })).toContain('zero-length-document');
    const packed: Partial<Case> = { layout: 'thd', packed: { q: [0, 3, 1], k: [1, 0, 3] } };
    expect(labels(packed)).toEqual(
      expect.arrayContaining(['packed', 'zero-length-document', 'packed:keys-without-queries', 'packed:queries-without-keys', 'empty-row']),
    );
    expect(labels({ ...packed, packed: { q: [1, 3], k: [3, 1] } })).not.toContain('zero-length-document');
    const padding = { name: 'padding', parameters: { lengths: [0, 4], side: 'right' } };
    const padded = labels({ mask: padding, dims: { ...base.dims, b: 2 } });
    expect(padded).toEqual(expect.arrayContaining(['batch-mask', 'empty-row', 'hidden-key']));
    expect(padded).not.toContain('zero-length-document');
  });

  test('a key that another head of the group sees is not hidden; one that only another group sees is', () => {
    const window = (left: number, right: number) => ({ name: 'sliding-window', parameters: { left, right } });
    const mask = { heads: [window(-1, 0), window(0, -1)] };
    const first = { heads: [{ name: 'full' }, { and: [{ name: 'causal' }, { not: { name: 'causal' } }] }] };
    expect(labels({ mask, dims: { ...base.dims, g: 2 } })).not.toContain('hidden-key');
    expect(labels({ mask: first, dims: { ...base.dims, g: 2 } })).not.toContain('hidden-key');
    expect(labels({ mask: first, dims: { ...base.dims, hk: 2 } })).toContain('hidden-key');
  });
});
