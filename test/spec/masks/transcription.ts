import fc from 'fast-check';
import { expect } from 'vitest';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { MaskProblem } from '../../../spec/mask/compile/compiled-mask.js';
import type { MaskParameters, NamedMask } from '../../../spec/types/documents.js';
import { compileByName, library, problemOf, rowsOf } from '../mask/library.js';
import { maskNamed } from '../mask/masks.js';

/** Visible cells of one head, written without the predicates under test. */
export type Cells = boolean[][];
export type Numbers = Record<string, number>;

/** Expects a mask to be what a transcription of its definition makes of drawn sizes and parameters, in every head. */
export function expectTranscribed(
  name: string,
  transcribe: (cells: Cells, problem: MaskProblem & { offset: number }, parameters: Numbers, head: number) => void,
): void {
  fc.assert(
    fc.property(maskNamed(name), ({ mask, problem }) => {
      const compiled = compileMask(library, mask, problem);
      const { heads, m, n, causal } = problem;
      const offset = causal === 'bottom-right' ? n - m : 0;
      for (let head = 0; head < heads; head++) {
        const cells: Cells = Array.from({ length: m }, () => new Array<boolean>(n).fill(false));
        transcribe(cells, { ...problem, offset }, mask.parameters as Numbers, head);
        expect(rowsOf(compiled, 0, head)).toEqual(cells.map((row) => row.map((visible) => (visible ? 'x' : '.')).join('')));
      }
    }),
    { numRuns: 100 },
  );
}

/** Rows of a square mask of n tokens. */
export function square(name: string, n: number, parameters?: MaskParameters): string[] {
  return rowsOf(compileByName(name, parameters, { m: n, n }));
}

/** Rows of head h of a square mask. */
export function squareOfHead(h: number, mask: NamedMask, n: number): string[] {
  return rowsOf(compileMask(library, mask, problemOf({ heads: h + 1, m: n, n })), 0, h);
}

/** Rows of a mask that is symmetric are those of its transpose. */
export function transposed(rows: readonly string[]): string[] {
  return Array.from(rows[0] ?? '', (_, j) => rows.map((row) => row[j]).join(''));
}

/** The row and the column of a place in a grid, found by steps from cell to cell. */
export function placeIn(width: number, token: number): { y: number; x: number } {
  let [y, x] = [0, token];
  for (; x < 0; x += width) y--;
  for (; x >= width; x -= width) y++;
  return { y, x };
}

export const size = (max: number) => fc.integer({ min: 1, max });
