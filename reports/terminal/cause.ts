import type { Colors } from 'picocolors/types.js';
import type { ReportContext } from '../reporter.js';
import { type Cause, countOf, tallyOf } from '../result/causes.js';
import { describeBriefly, describeFailure } from '../result/describe-failure.js';
import { isFailure, segmentsOf } from '../result/result.js';
import { clip } from '../text/plain-text.js';

/** Detail of a cause: its smallest case in full, its name and reproduction, or one line. */
export type Detail = 'full' | 'brief' | 'line';

/** Maximum number of characters of a brief line; replay lines are never cut. */
const longest = 400;

/** Describes a cause: the smallest case, and the number of similar checks. */
export function causeLines(cause: Cause, detail: Detail, context: ReportContext, colors: Colors): string[] {
  const { smallest, others, title, expected } = cause;
  const { adapter, id, verdict, class: failureClass } = smallest;
  const known = expected ? 'known ' : '';
  const head = `${known}${isFailure(smallest) && !expected ? colors.red(verdict) : verdict} ${adapter}::${id}${failureClass ? ` (${failureClass})` : ''}`;
  if (detail === 'line') return [clip(`${head}${others.length > 0 ? ` and ${others.length} more` : ''}: ${title}`, longest)];
  const described = detail === 'full' ? describeFailure(smallest, context) : describeBriefly(smallest, context).map(clipped);
  return [
    head,
    ...described.flatMap((line) => line.split('\n')).map((line) => `  ${line}`),
    ...(others.length > 0 ? [`  and ${others.length} more like it: ${placesOf(cause)}`] : []),
  ];
}

function placesOf(cause: Cause): string {
  const properties = tallyOf(cause, ({ id }) => segmentsOf(id).property);
  const classes = tallyOf(cause, ({ class: failureClass, verdict }) => failureClass ?? verdict);
  return classes.includes(', ') ? `${properties}; ${classes}` : `${properties}; ${countOf(cause)} in all`;
}

function clipped(line: string): string {
  return line.startsWith('replay ') ? line : clip(line, longest);
}
