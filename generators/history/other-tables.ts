import { hashOf } from '../../spec/lib/hash.js';
import type { Case } from '../../spec/types/documents.js';
import { elementsChanged } from '../values/transform.js';
import { type AppendCall, type AppendEntry, readPages, slotOf } from './cache.js';
import { pageOf, play } from './play.js';

/** Inputs of a paged call that address memory: each sequence's pages, and its length. */
export const tables = ['block_table', 'cache_lengths'] as const;
export type TableName = (typeof tables)[number];

/**
 * Call of a history's last operation, after changes of the table and the lengths.
 * @param append true if the kernel appends the new tokens, and is told the earlier lengths.
 */
export function callOn({ history, values, dims }: Case & Required<Pick<Case, 'history'>>, append: boolean): AppendCall {
  const call = play(history);
  if (pageOf(history) === 0) return call;
  const changes = elementsChanged(values);
  return tables.reduce((after, name) => {
    const seed = hashOf(values.seed, dims.b, name.length);
    return changes.includes(name)
      ? name === 'block_table'
        ? withOtherPage(after, seed)
        : withShorterSequence(after, seed, append)
      : after;
  }, call);
}

/** True if a call's table, or its lengths, can change and leave all else as it is. */
export function canChange(call: AppendCall, name: TableName): boolean {
  return name === 'block_table' ? otherPages(call).count > 0 : shortenable(call).length > 0;
}

function withOtherPage(call: AppendCall, seed: number): AppendCall {
  const choices = otherPages(call);
  if (choices.count === 0) return call;
  const { entry, place, page } = choices.at(farOf(choices.count, seed));
  const pages = call.entries[entry].pages.map((own, at) => (at === place ? page : own));
  return { ...call, entries: call.entries.map((own, at) => (at === entry ? read(call, { ...own, pages }, own.sequence.length) : own)) };
}

interface OtherPage {
  readonly entry: number;
  readonly place: number;
  readonly page: number;
}

/**
 * Candidate page swaps: (entry, index, page) where both pages are full of old tokens and differ.
 * Counted and indexed instead of listed: there may be pages × table entries.
 */
function otherPages({ entries, page: size, pages, before, after, tokens }: AppendCall): { count: number; at(index: number): OtherPage } {
  const text = Array.from({ length: pages }, (_, page) => before.subarray(page * size, (page + 1) * size).join());
  const isOld = (page: number) => {
    for (let slot = page * size; slot < (page + 1) * size; slot++) if (before[slot] < 0 || after[slot] !== before[slot]) return false;
    return true;
  };
  const old = text.flatMap((_, page) => (isOld(page) ? [page] : []));
  const alike = new Map<string, number>();
  for (const page of old) alike.set(text[page], (alike.get(text[page]) ?? 0) + 1);
  const places = entries.flatMap(({ pages: own, sequence }, entry) => {
    const full = own.slice(0, Math.floor((sequence.length - tokens) / size));
    return full.map((is, place) => ({ entry, place, is, others: old.length - (alike.get(text[is]) ?? 0) }));
  });
  return {
    count: places.reduce((sum, { others }) => sum + others, 0),
    at(index) {
      let left = index;
      for (const { entry, place, is, others } of places) {
        if (left < others) return { entry, place, page: old.filter((page) => text[page] !== text[is])[left] };
        left -= others;
      }
      throw new RangeError(`there is no other page ${index}`);
    },
  };
}

/**
 * Shortens one sequence by an old token. If the kernel appends, the new tokens move up by one slot;
 * else they stay, and the last one is unseen.
 */
function withShorterSequence(call: AppendCall, seed: number, append: boolean): AppendCall {
  const choices = shortenable(call);
  if (choices.length === 0) return call;
  const shorter = choices[farOf(choices.length, seed)];
  const lengths = call.entries.map(({ sequence }, entry) => sequence.length - (entry === shorter ? 1 : 0));
  const after = append ? call.before.slice() : call.after;
  if (append) {
    call.entries.forEach(({ pages, latest }, entry) => {
      const first = lengths[entry] - latest.length;
      for (const [at, token] of latest.entries()) after[slotOf(pages, call.page, first + at)] = token;
    });
  }
  const written = { ...call, after };
  return { ...written, entries: call.entries.map((own, entry) => read(written, own, lengths[entry])) };
}

/** Sequences that can lose a token without a smaller n, and without another reader of its page. */
function shortenable({ entries, tokens, page }: AppendCall): number[] {
  return entries.flatMap(({ pages, sequence }, entry) => {
    const others = entries.filter((_, at) => at !== entry);
    const last = sequence.length - tokens - 1;
    const isLongest = others.every((other) => other.sequence.length < sequence.length);
    const readers = entries.flatMap((other) => other.pages.filter((is) => is === pages[Math.floor(last / page)]));
    return last >= 1 && !isLongest && readers.length === 1 ? [entry] : [];
  });
}

function farOf(length: number, seed: number): number {
  return length - 1 - (seed % Math.ceil(length / 2));
}

function read({ after, page }: AppendCall, { pages, latest }: Omit<AppendEntry, 'sequence'>, length: number): AppendEntry {
  return { pages, latest, sequence: readPages(after, pages, page, length) };
}
