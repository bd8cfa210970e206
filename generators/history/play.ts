import type { Operation } from '../../spec/types/documents.js';
import { type AppendCall, PagedCache } from './cache.js';

/** Slots per page; 0 if the cache is contiguous. */
export function pageOf(history: readonly Operation[]): number {
  const [first] = history;
  return first.op === 'create' ? first.page : 0;
}

/** The history played last, asked for many times in a row. One call may take megabytes. */
let last: { readonly history: readonly Operation[]; readonly call: AppendCall } | undefined;

/**
 * Plays a history and returns its last call.
 * @throws {RangeError} if an operation is impossible.
 */
export function play(history: readonly Operation[]): AppendCall {
  if (last?.history !== history) last = { history, call: playThrough(history) };
  return last.call;
}

function playThrough(history: readonly Operation[]): AppendCall {
  const page = pageOf(history);
  const cache = new PagedCache(page || 1);
  const first = page > 0 ? 1 : 0;
  for (let at = first; at < history.length; at++) {
    const operation = history[at];
    const objection =
      page === 0 && operation.op !== 'append' ? 'only append is possible, because the cache has no pages' : cache.whyNot(operation);
    if (objection !== undefined) throw new RangeError(`operation ${at}, ${operation.op}: ${objection}`);
    if (at < history.length - 1) cache.apply(operation);
    else if (operation.op === 'append') return cache.call(operation);
  }
  throw new RangeError('the last operation must be an append');
}

/** Prefixes of a history that end with an append, one for each call. */
export function calls(history: readonly Operation[]): Operation[][] {
  return history.flatMap(({ op }, at) => (op === 'append' ? [history.slice(0, at + 1)] : []));
}

/** Sizes b, m and n of a call. */
export function sizesOf({ entries, tokens }: AppendCall): { b: number; m: number; n: number } {
  return { b: entries.length, m: tokens, n: Math.max(...entries.map(({ sequence }) => sequence.length)) };
}
