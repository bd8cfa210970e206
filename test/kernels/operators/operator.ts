import type { Problem } from './problem.js';

/** Outputs or gradients, each with its shape. */
export type Results = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] | Float32Array }>>;

/** One operator in plain loops. Where `wrong` it has the fault that its file names. */
export interface PlainOperator {
  forward(problem: Problem, wrong: boolean): Results;
  backward?(problem: Problem, wrong: boolean): Results;
}

/** The output o [b, heads, m, e] of a function that gives one row of it. */
export function rows(
  { b, hk, g, m, e }: Problem['dims'],
  row: (b: number, h: number, i: number) => readonly number[],
  heads = hk * g,
): { readonly shape: readonly number[]; readonly values: number[] } {
  const values: number[] = [];
  for (let x = 0; x < b; x++) for (let h = 0; h < heads; h++) for (let i = 0; i < m; i++) values.push(...row(x, h, i));
  return { shape: [b, heads, m, e], values };
}
