import { hashOf } from '../../spec/hash.js';
import type { Case } from '../../spec/types/documents.js';
import { elementsChanged } from '../values/transform.js';
import { type AppendCall, type AppendEntry, slotOf } from './cache.js';
import { pageOf, play } from './play.js';

/** Inputs of a call on pages that are not numbers of the attention: which pages a sequence has, and how many of their slots. */
export const tables = ['block_table', 'cache_lengths'] as const;
export type TableName = (typeof tables)[number];

/**
 * Returns what the last operation of a case's history is called with, after the case's changes of the table and of the lengths.
 * @param append the kernel appends the new tokens: it is told the lengths before the call.
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

/** Tells whether a call has another table, or other lengths, that leave all else as it is. */
export function canChange(call: AppendCall, name: TableName): boolean {
  return name === 'block_table' ? otherPages(call).length > 0 : shortenable(call).length > 0;
}

/** Returns a call in which one sequence has another page of the cache for one of its own. */
function withOtherPage(call: AppendCall, seed: number): AppendCall {
  const choices = otherPages(call);
  if (choices.length === 0) return call;
  const { entry, place, page } = farOf(choices, seed);
  const pages = call.entries[entry].pages.map((own, at) => (at === place ? page : own));
  return { ...call, entries: call.entries.map((own, at) => (at === entry ? read(call, { ...own, pages }, own.sequence.length) : own)) };
}

/** Lists the places of tables whose page may be another: old tokens fill both, and are not the same. */
function otherPages({ entries, page: size, pages, before, after, tokens }: AppendCall): { entry: number; place: number; page: number }[] {
  const slots = (page: number) => before.subarray(page * size, (page + 1) * size);
  const text = Array.from({ length: pages }, (_, page) => slots(page).join());
  const isOld = (page: number) => slots(page).every((token, at) => token >= 0 && after[page * size + at] === token);
  const old = Array.from({ length: pages }, (_, page) => page).filter(isOld);
  return entries.flatMap(({ pages: own, sequence }, entry) => {
    const full = Math.floor((sequence.length - tokens) / size);
    return own.slice(0, full).flatMap((is, place) => old.flatMap((page) => (text[page] === text[is] ? [] : [{ entry, place, page }])));
  });
}

/**
 * Returns a call in which one sequence has a token less before it, and the same new tokens, which take the place of that one; where the kernel does
 * not append, the tokens stay where they are, and the last one is not seen.
 */
function withShorterSequence(call: AppendCall, seed: number, append: boolean): AppendCall {
  const choices = shortenable(call);
  if (choices.length === 0) return call;
  const shorter = farOf(choices, seed);
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

/** Lists the sequences that may have a token less: another is as long, so that no size of the call changes, and its slot is read nowhere else. */
function shortenable({ entries, tokens, page }: AppendCall): number[] {
  return entries.flatMap(({ pages, sequence }, entry) => {
    const others = entries.filter((_, at) => at !== entry);
    const last = sequence.length - tokens - 1;
    const isLongest = others.every((other) => other.sequence.length < sequence.length);
    const readers = entries.flatMap((other) => other.pages.filter((is) => is === pages[Math.floor(last / page)]));
    return last >= 1 && !isLongest && readers.length === 1 ? [entry] : [];
  });
}

/** One of a list's far half. */
function farOf<T>(list: readonly T[], seed: number): T {
  return list[list.length - 1 - (seed % Math.ceil(list.length / 2))];
}

/** Returns an entry with the tokens that its pages hold after the call. */
function read({ after, page }: AppendCall, { pages, latest }: Omit<AppendEntry, 'sequence'>, length: number): AppendEntry {
  return { pages, latest, sequence: Int32Array.from({ length }, (_, at) => after[slotOf(pages, page, at)]) };
}
