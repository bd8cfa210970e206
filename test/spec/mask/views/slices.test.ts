import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import type { CompiledMask, MaskProblem } from '../../../../spec/mask/compile/compiled-mask.js';
import { maskDocuments } from '../../../../spec/masks/index.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import { library } from '../library.js';
import { maskNamed } from '../masks.js';

// Every mask as MASKS.md defines it: a union of slices (query range, key range, full or causal), written without the predicates under test.

type Cells = boolean[][];
type Range = [number, number];
type Parameters = Record<string, number> & { lengths: number[]; side: string };

function nothing({ m, n }: MaskProblem): Cells {
  return Array.from({ length: m }, () => new Array<boolean>(n).fill(false));
}

function full(cells: Cells, [q0, q1]: Range, [k0, k1]: Range): void {
  for (let i = q0; i < q1; i++) for (let j = k0; j < k1; j++) cells[i][j] = true;
}

/** Bottom-right: j ≤ i + Lk − Lq in the slice's own indices. */
function causal(cells: Cells, [q0, q1]: Range, [k0, k1]: Range): void {
  for (let i = 0; i < q1 - q0; i++) for (let j = 0; j < k1 - k0; j++) if (j <= i + (k1 - k0) - (q1 - q0)) cells[q0 + i][k0 + j] = true;
}

/** Bounds of the documents that have tokens. */
function documentsOf(lengths: number[]): Range[] {
  const bounds: Range[] = [];
  let start = 0;
  for (const length of lengths) {
    if (length > 0) bounds.push([start, start + length]);
    start += length;
  }
  return bounds;
}

/** Positions of the queries among the keys. */
function positions({ m, n, causal }: MaskProblem): number[] {
  return Array.from({ length: m }, (_, i) => (causal === 'top-left' ? i : i + n - m));
}

function window(cells: Cells, p: MaskProblem, left: number, right: number): void {
  const before = left < 0 ? Infinity : p.window === 'exclusive' ? left - 1 : left;
  const after = right < 0 ? Infinity : right;
  positions(p).forEach((position, i) => {
    for (let j = 0; j < p.n; j++) if (position - before <= j && j <= position + after) cells[i][j] = true;
  });
}

const definitions: Record<string, (cells: Cells, p: MaskProblem, x: Parameters) => void> = {
  full: (cells, { m, n }) => full(cells, [0, m], [0, n]),
  causal: (cells, p) => {
    if (p.causal === 'bottom-right') causal(cells, [0, p.m], [0, p.n]);
    else window(cells, { ...p, window: 'inclusive' }, -1, 0);
  },
  document: (cells, _p, { lengths }) => {
    for (const d of documentsOf(lengths)) full(cells, d, d);
  },
  'document-causal': (cells, _p, { lengths }) => {
    for (const d of documentsOf(lengths)) causal(cells, d, d);
  },
  'share-question': (cells, _p, { lengths }) => {
    const [question, answer, ...later] = documentsOf(lengths);
    const both: Range = [question[0], (answer ?? question)[1]];
    causal(cells, both, both);
    for (const d of later) {
      full(cells, d, question);
      causal(cells, d, d);
    }
  },
  'causal-blockwise': (cells, { n }, { lengths }) => {
    const documents = documentsOf(lengths);
    for (const d of documents) causal(cells, d, d);
    causal(cells, documents[documents.length - 1], [0, n]);
  },
  star: (cells, { n }, { block, query }) => {
    const context = Math.max(0, n - query);
    const anchor: Range = [0, Math.min(block, context)];
    for (let start = 0; start < context; start += block) {
      const own: Range = [start, Math.min(start + block, context)];
      causal(cells, own, own);
      if (start > 0) full(cells, own, anchor);
    }
    causal(cells, [context, n], [0, n]);
  },
  'prefix-causal': (cells, { n }, { prefix }) => {
    const p = Math.min(prefix, n);
    full(cells, [0, p], [0, p]);
    causal(cells, [p, n], [0, n]);
  },
  'prefix-document': (cells, _p, { lengths, prefix }) => {
    for (const [start, end] of documentsOf(lengths)) {
      const p = Math.min(start + prefix, end);
      full(cells, [start, p], [start, p]);
      causal(cells, [p, end], [start, end]);
    }
  },
  'sliding-window': (cells, p, { left, right }) => window(cells, p, left, right),
  'global-sliding-window': (cells, p, { window: w }) => {
    window(cells, p, w, w);
    full(cells, [0, p.m], [0, Math.min(w, p.n)]);
    positions(p).forEach((position, i) => {
      if (position < w) full(cells, [i, i + 1], [0, p.n]);
    });
  },
  'block-causal-document': (cells, _p, { lengths, block }) => {
    for (const [start, end] of documentsOf(lengths)) {
      for (let at = start; at < end; at += block) full(cells, [at, at + block], [start, at + block]);
    }
  },
  padding: (cells, { m, n }, { lengths, side }) => full(cells, [0, m], side === 'right' ? [0, lengths[0]] : [n - lengths[0], n]),
};

function cellsOf(mask: CompiledMask, b = 0): Cells {
  return Array.from({ length: mask.m }, (_, i) => Array.from({ length: mask.n }, (_, j) => mask.visible(b, 0, i, j)));
}

describe('the masks of MASKS.md, as slices', () => {
  it.each(Object.keys(definitions))('%s', (name) => {
    fc.assert(
      fc.property(maskNamed(name), ({ mask, problem }) => {
        const expected = nothing(problem);
        definitions[name](expected, problem, (mask.parameters ?? {}) as Parameters);
        expect(cellsOf(compileMask(library, mask, problem))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('padding, in every batch entry', () => {
    fc.assert(
      fc.property(maskNamed('padding'), ({ mask, problem }) => {
        const { lengths, side } = mask.parameters as Parameters;
        const compiled = compileMask(library, mask, problem);
        lengths.forEach((length, b) => {
          const expected = nothing(problem);
          definitions.padding(expected, problem, { side, lengths: [length] } as Parameters);
          expect(cellsOf(compiled, b)).toEqual(expected);
        });
        expect([...valuesOf(compiled.tables.lengths)]).toEqual(lengths);
      }),
      { numRuns: 40 },
    );
  });

  it('block-sparse: the blocks that it sends, the same number in each row of blocks', () => {
    fc.assert(
      fc.property(maskNamed('block-sparse'), ({ mask, problem }) => {
        const { block, share } = mask.parameters as Parameters;
        const compiled = compileMask(library, mask, problem);
        const count = Math.ceil(problem.n / block);
        const { blocks } = compiled.tables;
        expect(blocks).toMatchObject({ dtype: 'bool', shape: [1, 1, count, count] });
        const expected = nothing(problem);
        for (let row = 0; row < count; row++) {
          const chosen = [...blocks.data.subarray(row * count, (row + 1) * count)];
          expect(chosen.filter(Boolean).length).toBe(Math.max(1, Math.round(share * count)));
          chosen.forEach((one, column) => {
            if (one) full(expected, blockOf(row), blockOf(column));
          });
        }
        function blockOf(index: number): Range {
          return [index * block, Math.min((index + 1) * block, problem.n)];
        }
        expect(cellsOf(compiled)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('variable-block-sparse: the blocks and edges that it sends, a share of all pairs', () => {
    fc.assert(
      fc.property(maskNamed('variable-block-sparse'), ({ mask, problem }) => {
        const { min, share } = mask.parameters as Parameters;
        const compiled = compileMask(library, mask, problem);
        const edges = [...compiled.tables.blockEdges.data];
        const count = edges.length - 1;
        expect([edges[0], edges[count]]).toEqual([0, problem.n]);
        for (let x = 0; x < count; x++) expect(edges[x + 1] - edges[x]).toBeGreaterThanOrEqual(Math.min(min, problem.n));
        const { blocks } = compiled.tables;
        expect(blocks).toMatchObject({ dtype: 'bool', shape: [1, 1, count, count] });
        expect([...blocks.data].filter(Boolean).length).toBe(Math.max(1, Math.round(share * count * count)));
        const expected = nothing(problem);
        [...blocks.data].forEach((one, cell) => {
          const [row, column] = [Math.floor(cell / count), cell % count];
          if (one) full(expected, [edges[row], edges[row + 1]], [edges[column], edges[column + 1]]);
        });
        expect(cellsOf(compiled)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves none out', () => {
    const elsewhere = readdirSync(fileURLToPath(new URL('../../masks/', import.meta.url))).map((file) => file.replace('.test.ts', ''));
    const tested = new Set([...Object.keys(definitions), 'block-sparse', 'variable-block-sparse', ...elsewhere]);
    expect(maskDocuments.map((m) => m.name).filter((name) => !tested.has(name))).toEqual([]);
  });
});
