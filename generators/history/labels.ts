import type { Case, ReuseOperation } from '../../spec/types/documents.js';
import type { AppendCall } from './cache.js';
import { hasHistory } from './inputs.js';
import { calls, pageOf, play } from './play.js';
import { isReuse, isReused } from './reuse.js';

/** Labels of the special properties of a case's history, which a run counts. */
export function historyLabels(c: Case): string[] {
  if (isReuse(c)) return scheduleLabels(c.history[0]);
  if (!hasHistory(c)) return [];
  const { history } = c;
  const labels = new Set<string>(history.flatMap(({ op }) => (op === 'append' || op === 'create' ? [] : [`history:${op}`])));
  const appends = calls(history).map(play);
  const paged = pageOf(history) > 0;
  const add = (label: string, holds: boolean) => {
    if (holds) labels.add(`history:${label}`);
  };
  add('pages', paged);
  add('several-appends', appends.length > 1);
  for (const call of appends) {
    const lengths = call.entries.map(({ sequence }) => sequence.length);
    const before = lengths.map((length) => length - call.tokens);
    add('decode', call.tokens === 1 && before.some((length) => length > 0));
    add('chunk', call.tokens > 1 && before.some((length) => length > 0));
    add('several-sequences', lengths.length > 1);
    add('several-lengths', new Set(lengths).size > 1);
    if (!paged) continue;
    add(
      'partial-page',
      before.some((length) => length % call.page !== 0),
    );
    add(
      'reused-page',
      call.entries.some((_, entry) => overwrites(call, entry)),
    );
    add('shared-prefix', sharesPages(call));
  }
  return [...labels];
}

function scheduleLabels({ steps, ...schedule }: ReuseOperation): string[] {
  const calls = steps.map((_, place) => isReused({ ...schedule, steps: steps.slice(0, place + 1) }));
  const later = calls.slice(calls.indexOf(true) + 1);
  return [
    ...(calls.includes(true) ? ['history:reuse'] : ['history:no-reuse']),
    ...(calls.includes(true) && later.includes(false) ? ['history:computed-after-reuse'] : []),
    ...(steps.includes(schedule.lo) || steps.includes(schedule.hi) ? ['history:step-at-limit'] : []),
  ];
}

function overwrites({ entries, tokens, page, before }: AppendCall, entry: number): boolean {
  const { pages, sequence } = entries[entry];
  for (let at = sequence.length - tokens; at < sequence.length; at++) {
    if (before[pages[Math.floor(at / page)] * page + (at % page)] >= 0) return true;
  }
  return false;
}

function sharesPages({ entries }: AppendCall): boolean {
  const all = entries.flatMap(({ pages }) => pages);
  return new Set(all).size < all.length;
}
