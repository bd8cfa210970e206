import type { Result } from '../../spec/types/documents.js';
import { huntLines } from '../result/hunts.js';
import { isUnexpectedPass } from '../result/result.js';
import { undecidedLines } from '../result/undecided.js';
import { groupUnjudged } from '../result/unjudged.js';
import { unseenRanks } from '../result/unseen-ranks.js';
import { warningLines } from './warnings.js';

/** Section of a report beside its failures. */
export interface Note {
  readonly title: string;
  readonly entries: readonly string[];
  /** Number of entries that a short report shows; the others are counted. */
  readonly shown: number;
}

/** Everything that a result says beside its failures, in the order in which it matters; sections that have nothing to say are left out. */
export function notesOf(result: Result): Note[] {
  const { adapters, checks } = result;
  const notes: Note[] = [
    { title: 'Expected to fail, but passed', shown: 4, entries: checks.filter(isUnexpectedPass).map((c) => `${c.adapter}::${c.id}`) },
    { title: 'Inconclusive', shown: 3, entries: groupUnjudged(checks).map(({ what, where }) => `${what} (${where})`) },
    {
      title: 'Not available on this machine',
      shown: 2,
      entries: adapters.flatMap((a) => (a.unavailable ? [`${a.id}: ${a.unavailable.reason}\n  remedy: ${a.unavailable.remedy}`] : [])),
    },
    { title: 'Accuracy warnings', shown: 2, entries: warningLines(result) },
    { title: 'Hunt', shown: 3, entries: huntLines(checks) },
    { title: 'Ranks whose output was not judged', shown: 1, entries: unseenRanks(result) },
    { title: 'Undecided elements of checks that passed', shown: 1, entries: undecidedLines(checks) },
  ];
  return notes.filter(({ entries }) => entries.length > 0);
}
