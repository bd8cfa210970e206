import { rankZeroAlone } from '../../spec/scheme/rank-zero-alone.js';
import type { Result } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { huntLines } from '../result/hunts.js';
import { isUnexpectedPass } from '../result/result.js';
import { undecidedLines } from '../result/undecided.js';
import { groupUnjudged } from '../result/unjudged.js';
import { warningLines } from './warnings.js';

/** Writes a line for each adapter with outputs of rank 0 only. */
export function unseenRanks({ checks }: Pick<Result, 'checks'>): string[] {
  const cases = new Map<string, number>();
  for (const { adapter, coverage } of checks) {
    const unseen = coverage[rankZeroAlone] ?? 0;
    if (unseen > 0) cases.set(adapter, (cases.get(adapter) ?? 0) + unseen);
  }
  return [...cases].map(
    ([adapter, count]) =>
      `${adapter}: only rank 0 was judged in ${count} ${count === 1 ? 'case' : 'cases'}; to have every rank judged, name the file of each rank in "ranks[].outputs" of the reply`,
  );
}

/** Section of a report beside its failures. */
export interface Note {
  readonly title: string;
  readonly entries: readonly string[];
  readonly shown: number;
  readonly line?: string;
}

/** Returns the non-empty notes of a result, the most important first. */
export function notesOf(result: Result, { sources }: Pick<ReportContext, 'sources'>): Note[] {
  const { adapters, checks } = result;
  // a user's kernel that does not load is no problem of the machine
  const isOwn = (id: string) => Object.hasOwn(sources, id);
  const missing = (own: boolean) =>
    adapters.flatMap(({ id, unavailable }) =>
      unavailable && isOwn(id) === own ? [{ id, entry: `${id}: ${unavailable.reason}\n  remedy: ${unavailable.remedy}` }] : [],
    );
  const absent = missing(false);
  const notes: Note[] = [
    { title: 'Not started', shown: 3, entries: missing(true).map(({ entry }) => entry) },
    { title: 'Kernels without a check in this run', shown: 3, entries: unaskedLines(result) },
    { title: 'Expected to fail, but passed', shown: 4, entries: checks.filter(isUnexpectedPass).map((c) => `${c.adapter}::${c.id}`) },
    { title: 'Inconclusive', shown: 3, entries: groupUnjudged(checks).map(({ what, where }) => `${what} (${where})`) },
    {
      title: 'Not available on this machine',
      shown: 2,
      entries: absent.map(({ entry }) => entry),
      // a run of all adapters includes adapters that the user did not name
      ...(absent.length > 1 && { line: `${absent.map(({ id }) => id).join(', ')} (--verbose: why, and what to install)` }),
    },
    { title: 'Accuracy warnings', shown: 2, entries: warningLines(result) },
    { title: 'Hunt', shown: 3, entries: huntLines(checks) },
    { title: 'Ranks whose output was not judged', shown: 1, entries: unseenRanks(result) },
    { title: 'Undecided elements of checks that passed', shown: 1, entries: undecidedLines(checks) },
  ];
  return notes.filter(({ entries }) => entries.length > 0);
}

/** Writes a line for each kernel that claims no operator of the chosen profiles. */
function unaskedLines({ adapters, checks }: Result): string[] {
  return adapters.flatMap(({ id, capabilities, unclaimed = {} }) => {
    const asked = Object.keys(unclaimed);
    if (!capabilities?.operators || asked.length === 0 || checks.some(({ adapter }) => adapter === id)) return [];
    const others = asked.length > 3 ? `${asked.length} others` : asked.join(', ');
    return [
      `${id} computes ${capabilities.operators.join(', ')}, but the checks are for ${others}: leave out --profile, or name operators`,
    ];
  });
}
