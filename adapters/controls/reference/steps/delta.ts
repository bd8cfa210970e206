import type { Values } from '../arithmetic/arithmetic.js';
import type { Problem } from '../problem/problem.js';

/** Δ of a query row: Σ do·o, with o as stored. */
export function delta(p: Problem, dO: Values, o: Values, at: number): number {
  return p.arithmetic.dot(dO, at, o, at, p.e);
}
