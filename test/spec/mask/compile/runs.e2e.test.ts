import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../../spec/library.js';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Mask, MaskSpec } from '../../../../spec/types/documents.js';
import { expressions } from '../../expression/expressions.js';
import { library, libraryOf, problemOf } from '../library.js';
import { masks } from '../masks.js';

const builtIn = createLibrary();

/** The visible keys of a row, by asking for each. */
function scanned(mask: CompiledMask, b: number, h: number, i: number): number[] {
  const runs: number[] = [];
  for (let j = 0; j <= mask.n; j++) {
    const visible = j < mask.n && mask.visible(b, h, i, j);
    if (visible !== (runs.length % 2 === 1)) runs.push(j);
  }
  return runs;
}

/** Runs and area agree with the predicate asked cell by cell. */
function expectRunsToBeVisible(mask: CompiledMask): void {
  const out = new Int32Array(mask.n + 2);
  const found: string[] = [];
  const expected: string[] = [];
  let area = 0;
  for (let b = 0; b < mask.b; b++) {
    for (let h = 0; h < mask.heads; h++) {
      for (let i = 0; i < mask.m; i++) {
        const runs = scanned(mask, b, h, i);
        for (let x = 0; x < runs.length; x += 2) area += runs[x + 1] - runs[x];
        expected.push(`${b} ${h} ${i}: ${runs}`);
        // an axis that the mask does not differ along may as well be asked at 0
        found.push(`${b} ${h} ${i}: ${out.subarray(0, 2 * mask.runs(mask.perBatch ? b : 0, mask.perHead ? h : 0, i, out))}`);
      }
    }
  }
  expect(found).toEqual(expected);
  expect(mask.area()).toBe(area);
}

describe('runs', () => {
  it('are the visible keys, for every mask and composition of ours', () => {
    fc.assert(
      fc.property(masks, ({ mask, problem }) => {
        expectRunsToBeVisible(compileMask(library, mask, problem));
      }),
      { numRuns: 200 },
    );
  });

  it('are the visible keys, whatever the predicate', () => {
    const { boolean } = expressions(
      ['b', 'h', 'i', 'j', 'j', 'j', 'n', 'offset', 'block', 'exclusive'],
      ['document', 'start', 'end', 'block', 'edges'],
    );
    fc.assert(
      fc.property(boolean, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), (visible, n, block) => {
        const spec: MaskSpec = {
          name: 'drawn',
          version: '1.0.0',
          title: 'Drawn',
          square: true,
          parameters: { lengths: { type: 'lengths' }, block: { type: 'integer' } },
          tables: {
            document: { rule: 'document' },
            start: { rule: 'document-start' },
            end: { rule: 'document-end' },
            block: { rule: 'block-index' },
            edges: { rule: 'block-edges' },
          },
          visible,
        };
        const mask = { name: 'drawn', parameters: { lengths: [Math.floor(n / 3), 0, n - Math.floor(n / 3)], block } };
        expectRunsToBeVisible(compileMask(libraryOf(spec), mask, problemOf({ b: 2, heads: 2, m: n, n })));
      }),
      { numRuns: 1500 },
    );
  });

  it.each<[string, MaskSpec['visible']]>([
    ['a root is no number below its zero', ['<=', ['sqrt', ['-', 'j', 5]], 'i']],
    ['nothing compares with what is no number', ['not', ['<=', 'j', ['/', ['-', 'i', 'i'], ['-', 'i', 'i']]]]],
    ['nor in a table', ['<=', ['at', 'document', 'j'], ['at', 'document', ['+', 'i', 7]]]],
    ['infinities', ['<', ['+', ['/', 1, 'i'], 'j'], ['/', 1, 0]]],
    ['factors that overflow', ['<=', ['+', ['*', 1e200, ['*', 1e200, 'j']], ['*', 1e200, ['*', 1e200, ['-', 'j', 11]]]], 0]],
    ['a divisor of zero', ['<=', ['/', 'j', 0], 'i']],
    ['a negative factor', ['>', ['*', -2, 'j'], ['-', 3, ['*', 2, 'i']]]],
    ['a falling fraction', ['<', 'i', ['floor', ['/', 'j', -2]]]],
    ['equality on a rising stretch', ['=', ['floor', ['/', 'j', 3]], ['floor', ['/', 'i', 3]]]],
    ['a stride', ['=', ['-', ['/', ['-', 'i', 'j'], 3], ['floor', ['/', ['-', 'i', 'j'], 3]]], 0]],
    ['equality with what lies between the keys', ['=', 'j', ['/', 'i', 2]]],
    ['columns of a grid', ['<=', ['mod', 'i', 4], ['mod', 'j', 4]]],
    ['a row that differs by the head alone', ['=', ['mod', ['+', ['floor', ['/', 'j', 2]], 'h'], 3], 0]],
    [
      'a diagonal that narrows from block to block',
      [
        '<=',
        ['abs', ['-', ['mod', 'i', 4], ['mod', 'j', 4]]],
        ['pow', 2, ['-', 1, ['abs', ['-', ['floor', ['/', 'i', 4]], ['floor', ['/', 'j', 4]]]]]],
      ],
    ],
    ['a power that overflows', ['<', ['-', ['pow', 'j', 999], ['pow', 'i', 999]], 1]],
    ['the logarithm of zero', ['<=', ['log2', ['max', 0, ['-', 'j', 'i']]], 1]],
    ['a remainder by zero', ['=', ['mod', 'j', ['-', 'i', 3]], 0]],
    ['a lookup that j and i share', ['=', ['at', 'document', ['min', 'i', 'j']], 0]],
  ])('%s', (_title, visible) => {
    const spec: MaskSpec = {
      name: 'made',
      version: '1.0.0',
      title: 'Made',
      square: true,
      parameters: { lengths: { type: 'lengths' } },
      tables: { document: { rule: 'document' } },
      visible,
    };
    expectRunsToBeVisible(
      compileMask(libraryOf(spec), { name: 'made', parameters: { lengths: [4, 0, 8] } }, problemOf({ b: 1, heads: 2, m: 12, n: 12 })),
    );
  });

  it('are found in whatever order the rows are asked for', () => {
    const mask = compileMask(
      library,
      { and: [{ name: 'causal' }, { name: 'padding', parameters: { lengths: [5, 0, 3], side: 'left' } }] },
      problemOf({ b: 3, heads: 2, m: 4, n: 6 }),
    );
    const out = new Int32Array(8);
    fc.assert(
      fc.property(fc.nat(2), fc.nat(1), fc.nat(3), fc.nat(5), (b, h, i, j) => {
        mask.visible(2 - b, h, 3 - i, j);
        expect([...out.subarray(0, 2 * mask.runs(b, h, i, out))]).toEqual(scanned(mask, b, h, i));
      }),
    );
  });

  it('takes an area without asking every cell', () => {
    const n = 100_000;
    const area = (mask: Parameters<typeof compileMask>[1]) => compileMask(library, mask, problemOf({ b: 4, heads: 64, m: n, n })).area();
    expect(area({ name: 'full' })).toBe(256 * n * n);
    expect(area({ name: 'causal' })).toBe(256 * ((n * (n + 1)) / 2));
    expect(area({ and: [{ name: 'causal' }, { name: 'document', parameters: { lengths: [n / 2, n / 2] } }] })).toBe(
      256 * ((n / 2) * (n / 2 + 1)),
    );
  });
});

describe('a mask', () => {
  const of = (mask: Mask) => compileMask(builtIn, mask, { b: 1, heads: 1, m: 64, n: 64, causal: 'bottom-right', window: 'inclusive' });
  const window: Mask = { name: 'sliding-window', parameters: { left: 3, right: 0 } };
  const documents: Mask = { name: 'document-causal', parameters: { lengths: [10, 0, 54] } };
  const blocks: Mask = { name: 'block-sparse', parameters: { block: 8, seed: 1, share: 0.5 } };

  it.each([{ name: 'full' }, { name: 'causal' }, window, documents, { and: [window, documents] }, { not: window }] as Mask[])(
    'finds the keys of a row without trying each: %j',
    (mask) => expect(of(mask).scans?.()).toBe(false),
  );

  it.each([blocks, { and: [window, blocks] }, { not: blocks }, { heads: [window, blocks] }] as Mask[])(
    'says that it tries stretches of keys: %j',
    (mask) => expect(of(mask).scans?.()).toBe(true),
  );
});
