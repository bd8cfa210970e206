import { stripVTControlCharacters } from 'node:util';
import type { Colors } from 'picocolors/types.js';
import type { AdapterResult, CheckResult, Result } from '../../spec/types/documents.js';
import { type Cause, countOf, tallyOf } from '../result/causes.js';
import { availableAdapters, isFailure, type Score, scoreOf, segmentsOf } from '../result/result.js';
import { formatTable } from '../text/table.js';
import { deviationsOf } from './adapters.js';

const usualWidth = 120;
/** Minimum number of shown characters of a cause or dialect. */
const least = 12;

/**
 * Table of judged adapters: passed checks, worst cause, deviations from the default dialect.
 * @param most maximum number of rows; the best adapters are only counted.
 */
export function adapterRows(result: Result, causes: readonly Cause[], most: number, colors: Colors, width = usualWidth): string[] {
  const adapters = availableAdapters(result).filter(({ id }) => result.checks.some((c) => c.adapter === id));
  if (adapters.length === 0) return [];
  const shown = adapters.length <= most ? adapters : worstFirst(adapters, causes).slice(0, most - 1);
  const rows = shown.map((adapter) => rowOf(adapter, result.checks, causes, colors));
  const first = Math.max(...rows.map(([name, score]) => name.length + stripVTControlCharacters(score).length)) + 12;
  const room = Math.max(2 * least, width - first);
  const dialects = Math.min(room - least, Math.max(7, ...rows.map(([, , , dialect]) => dialect.length)));
  const fitted = rows.map(([name, score, cause, dialect]) => [name, score, cutTo(cause, room - dialects), cutTo(dialect, dialects)]);
  const left = adapters.length - shown.length;
  return [
    ...formatTable(['', 'passed', 'worst cause', 'dialect'], fitted, ['left', 'right', 'left', 'left']).trimEnd().split('\n'),
    ...(left > 0 ? [`and ${left} more, with ${failuresBeyond(shown, adapters, result)}`] : []),
  ];
}

function rowOf({ id, version, dialect }: AdapterResult, all: readonly CheckResult[], causes: readonly Cause[], colors: Colors): string[] {
  const checks = all.filter((c) => c.adapter === id);
  const score = scoreOf(checks);
  const { passed, failed, open } = score;
  const painted = paintedScore(`${passed}/${passed + failed}${open > 0 ? `, ${open} open` : ''}`, score, colors);
  const cause = causes.find((c) => c.adapter === id);
  return [`${id}${version ? ` ${version}` : ''}`, painted, cause ? shortCause(cause) : '', deviationsOf(dialect).join(' ')];
}

/** Colours a score red for unexpected failures, green if all passed. */
export function paintedScore(text: string, { passed, failed, expected, open }: Score, colors: Colors): string {
  if (failed > expected) return colors.red(text);
  return failed + open === 0 && passed > 0 ? colors.green(text) : text;
}

/** "19 × the dialect heads=tiled", or "2 × value in strided, dyadic-exact" without a diagnosis. */
export function shortCause(cause: Cause): string {
  return `${cause.expected ? 'known: ' : ''}${countOf(cause)} × ${cause.hint === undefined ? kindOf(cause) : diagnosisOf(cause)}`;
}

function diagnosisOf({ title }: Cause): string {
  const words = title.replace(/^the output matches /, '').replace(/: if this is intended, .*$/, '');
  return words.replace(/^if this is intended, declare it with --dialect /, 'the dialect ');
}

function kindOf(cause: Cause): string {
  const { class: failureClass, verdict } = cause.smallest;
  return `${failureClass ?? verdict} in ${tallyOf(cause, ({ id }) => segmentsOf(id).property)}`;
}

function worstFirst(adapters: readonly AdapterResult[], causes: readonly Cause[]): AdapterResult[] {
  const rank = ({ id }: AdapterResult) => {
    const own = causes.filter((c) => c.adapter === id);
    return own.some((c) => !c.expected) ? 0 : own.length > 0 ? 1 : 2;
  };
  return [...adapters].sort((a, b) => rank(a) - rank(b));
}

function failuresBeyond(shown: readonly AdapterResult[], adapters: readonly AdapterResult[], { checks }: Result): string {
  const others = adapters.filter((a) => !shown.includes(a)).map(({ id }) => id);
  const failed = checks.filter((c) => others.includes(c.adapter) && isFailure(c)).length;
  return failed === 0 ? 'no failure' : `${failed} failures`;
}

function cutTo(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1).trimEnd()}…`;
}
