import type { AppendOperation, Dims, Limits, Operation } from '../../spec/types/documents.js';
import { workOf } from '../dims/budget.js';
import { counts, type Flat } from '../lib/flat.js';
import { type AllowedSizes, allowedBy, anySize, atMost, isAllowed, saturate, withinLimits } from '../lib/limits.js';
import { Undrawable } from '../lib/undrawable.js';
import { PagedCache } from './cache.js';

/** Limits on the operations of a history. */
export interface HistoryBounds {
  /** Slots per page; 0 if the cache is contiguous. */
  readonly page: number;
  readonly appendsOnly: boolean;
  readonly limits: Limits;
  /** Heads and head sizes; the history decides b, m and n. */
  readonly dims: Dims;
  readonly work: number;
}

export const kinds = ['append', 'fork', 'free', 'evict', 'permute'] as const;

export const SEQUENCES = 4;

/**
 * History of a flat case up to its last append, without impossible operations. On pages an earlier
 * append may exceed the limit on queries: it fills pages, without a call.
 */
export function operationsOf(flat: Flat, bounds: HistoryBounds): Operation[] {
  const cache = new PagedCache(bounds.page || 1);
  const done: Operation[] = [];
  for (let i = 0; i < Math.min(flat.operations, counts.operations); i++) {
    const operation = operationAt(flat, i, bounds, cache);
    if (!operation || cache.whyNot(operation) !== undefined) continue;
    cache.apply(operation);
    done.push(operation);
  }
  const last = done.findLastIndex(({ op }) => op === 'append');
  const history = last >= 0 ? endingInCall(done.slice(0, last + 1), bounds) : [onlyAppend(bounds)];
  return bounds.page > 0 ? [{ op: 'create', page: bounds.page }, ...history] : history;
}

/** Makes a history end in a call within the limits, by appending once more if needed. */
function endingInCall(history: Operation[], bounds: HistoryBounds): Operation[] {
  const allowed = allowedBy(bounds.limits.m);
  const isCall = (operation: Operation) => operation.op === 'append' && isAllowed(allowed, operation.tokens);
  const last = history.at(-1) as AppendOperation;
  if (isCall(last)) return history;
  const cache = new PagedCache(bounds.page || 1);
  for (const operation of history) cache.apply(operation);
  const call = fitted(last.sequences[0], last.sequences.length, 1, bounds, cache, allowed);
  if (call) return [...history, call];
  const earlier = history.findLastIndex(isCall);
  return earlier >= 0 ? history.slice(0, earlier + 1) : [onlyAppend(bounds)];
}

/** Token counts allowed for an append. On pages, a count above the limit only keeps its step. */
function appendable(wanted: number, { page, limits }: HistoryBounds): AllowedSizes {
  const allowed = allowedBy(limits.m);
  return page > 0 && wanted > (atMost(allowed, Infinity) ?? 0) ? { ...anySize, step: allowed.step } : allowed;
}

function operationAt(flat: Flat, i: number, bounds: HistoryBounds, cache: PagedCache): Operation | undefined {
  const first = flat[`sequence${i}`] % SEQUENCES;
  const [count, tokens] = [flat[`count${i}`], flat[`tokens${i}`]];
  switch (bounds.appendsOnly ? 'append' : kinds[Math.min(flat[`kind${i}`], kinds.length - 1)]) {
    case 'append': {
      const [from, sequences] = bounds.appendsOnly ? [0, flat.count0] : [first, count];
      return fitted(from, sequences, tokens, bounds, cache, appendable(tokens, bounds));
    }
    case 'fork':
      return { op: 'fork', from: first, to: (first + count) % SEQUENCES };
    case 'free':
      return { op: 'free', sequence: first };
    case 'evict': {
      const pages = Math.min(count, cache.fullPages(first));
      return pages === 0 ? undefined : { op: 'evict', sequence: first, pages };
    }
    case 'permute':
      return { op: 'permute', seed: tokens };
  }
}

/** Append of `count` sequences and `wanted` tokens, fitted to limits and work; or undefined. */
function fitted(
  first: number,
  count: number,
  wanted: number,
  { limits: { m: ofQueries, ...others }, dims, work }: HistoryBounds,
  cache: PagedCache,
  allowed: AllowedSizes,
): AppendOperation | undefined {
  // `allowed` holds the limits on m, unless m is tied to another size
  const limits = typeof ofQueries === 'string' ? { ...others, m: ofQueries } : others;
  const b = saturate(allowedBy(limits.b), Math.min(count, SEQUENCES));
  if (b === undefined) return undefined;
  const sequences = Array.from({ length: b }, (_, x) => (first + x) % Math.max(b, SEQUENCES));
  const longest = Math.max(...sequences.map((id) => cache.lengthOf(id)));
  for (let m = saturate(allowed, wanted); m !== undefined; m = atMost(allowed, m - 1)) {
    const sizes = { ...dims, b, m, n: longest + m };
    if (withinLimits(limits, sizes) && workOf(sizes) <= work) return { op: 'append', sequences, tokens: m };
  }
  return undefined;
}

/** Prefill with the fewest allowed tokens. @throws {Undrawable} if the limits allow no prefill. */
function onlyAppend(bounds: HistoryBounds): AppendOperation {
  for (const least of ['m', 'n']) {
    const tokens = saturate(allowedBy(bounds.limits[least]), 1) ?? 1;
    const append = fitted(0, 1, tokens, { ...bounds, work: Infinity }, new PagedCache(bounds.page || 1), allowedBy(bounds.limits.m));
    if (append) return append;
  }
  throw new Undrawable('the limits leave no prefill, which has as many queries as keys');
}
