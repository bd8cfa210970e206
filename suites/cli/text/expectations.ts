import { plainLine, printable } from '../../../reports/text/plain-text.js';
import type { Expectation } from '../../../spec/types/documents.js';
import type { ExpectationUpdate } from '../../plan/update-expectations.js';

/** Describes the changes of --update-expectations to a file. */
export function describeUpdate(file: string, update: ExpectationUpdate): string {
  const { entries, added, removed, narrowed, open } = printable(update);
  const lines = [
    ...removed.map((e) => `removed, it passes now: ${nameOf(e)} (${e.why})`),
    ...narrowed.map((e) => `narrowed to the checks that still fail: ${nameOf(e)}`),
    ...open.map((e) => `kept, although a check of it passes now: ${nameOf(e)} also names checks that this run did not judge`),
    ...added.map((e) => `added, say why: ${nameOf(e)}`),
  ];
  const summary = lines.length === 0 ? 'nothing changed' : `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`;
  return [...lines, `${file}: ${summary}`].map((line) => `${plainLine(line)}\n`).join('');
}

function nameOf({ adapter = '*', check, verdict, class: failureClass }: Expectation): string {
  return `${adapter}::${check} ${verdict}${failureClass === undefined ? '' : ` ${failureClass}`}`;
}
