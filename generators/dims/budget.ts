import { isStreamed } from '../../spec/oracle/softmax-form.js';
import { costOf } from '../../spec/program/cost.js';
import { elementsOf } from '../../spec/tensor/case-elements.js';
import type { Dims, Operator, Speed } from '../../spec/types/documents.js';
import type { Budget } from '../lib/case-space.js';
import type { DrawRequest } from '../lib/needs.js';

export const speeds: readonly Speed[] = ['slow', 'medium', 'fast'];

/** A few tenths of a second per forward call, for the implementation and for the oracle. */
const budgets: Readonly<Record<Speed, Omit<Budget, 'sampled'>>> = {
  slow: { work: 3e6, elements: 2 ** 19, judged: 2e6 },
  medium: { work: 1e8, elements: 2.4e6, judged: 3e6 },
  fast: { work: 2e9, elements: 2 ** 22, judged: 1.6e7 },
};

/** Most elements of all terms of an interpreted program, which the oracle computes at any speed. */
const INTERPRETED = 4e6;
/** Cost of finding a term, in elements. Recurrences find many terms. */
export const TERM = 200;

/** Multiply-adds per cell of the scores, beside its products. */
const CELL = 8;

/** Multiply-adds per query or key of a head: many kernels loop over tiles in a slow language. */
const TOKEN = 500;

/** Products of a state [d, e] per token and allowed multiply-add, without a softmax. */
const STATE = 4;

const MOST_ROWS = 96;

/** Budget of a check's production cases, or undefined if it draws none. */
export function budgetOf(operator: Operator, { speed, scheme, needs: { passes } }: DrawRequest): Budget | undefined {
  if (speed === undefined || passes === undefined || scheme !== undefined) return undefined;
  const { work, elements, judged } = budgets[speed];
  if (!isStreamed(operator)) {
    const interpreted = INTERPRETED / passes;
    const cost = costOf(operator);
    return { work: interpreted, elements: elements / passes, judged: interpreted, sampled: false, cost: (dims) => cost(dims, TERM) };
  }
  return { work: work / passes, elements: elements / passes, judged: judged / passes, sampled: true };
}

/** True if a case fits a share of a budget. @param dense a mask or bias travels as a tensor. */
export function isAffordable(dims: Dims, { work, elements, judged, sampled, cost }: Budget, dense: boolean, share = 1): boolean {
  const { b, hk, g, m, n, d, e } = dims;
  const cells = b * hk * g * m * n;
  const tokens = sampled ? b * hk * g * (m + n) : 0;
  const held = elementsOf(dims) + b * hk * g * m * e + (dense ? cells : 0);
  if (cost) return held <= share * elements && cost(dims) <= share * work;
  if (cells * (d + e + CELL) + tokens * TOKEN > share * work || held > share * elements) return false;
  return sampled || (cells * (d + e + CELL) <= share * judged && b * hk * g * Math.max(m, n) * d * e <= STATE * share * judged);
}

/** Number of rows to judge, at least one per batch entry and key head; undefined for all rows. */
export function rowsWithin({ b, hk, g, m, n, d, e }: Dims, { judged, sampled }: Budget): number | undefined {
  const rows = Math.max(b * hk, Math.min(MOST_ROWS, Math.floor(judged / (n * (d + e)))));
  return sampled && rows < b * hk * g * m ? rows : undefined;
}

export function workOf({ b, hk, g, m, n, d, e }: Dims): number {
  return b * hk * g * m * n * (d + e);
}
