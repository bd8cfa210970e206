import { plainLine, printable } from '../../../reports/text/plain-text.js';
import { formatTable } from '../../../reports/text/table.js';
import { type Dialect, dialectFlags } from '../../../spec/dialect.js';
import type { Probe } from '../../../spec/types/documents.js';

type Axis = Probe['axes'][number];

/** Formats the table of axes, the evidence, and flags that declare the deviations. */
export function probeText(probe: Probe): string {
  const { adapter, dtype, calls, axes } = printable(probe);
  const title = `${adapter.id}${adapter.version === null ? '' : ` ${adapter.version}`}, ${dtype}, ${calls.length} calls`;
  const table = formatTable(
    ['AXIS', 'VALUE', 'DECLARED'],
    axes.map((axis) => [axis.axis, inferredOf(axis), declaredOf(axis)]),
  );
  const evidence = axes.map((axis) => [axis.axis, ...linesOf(axis).map((line) => `  ${plainLine(line)}`)].join('\n'));
  return [title, table, ...evidence, ...flagsOf(axes)].join('\n').concat('\n');
}

function inferredOf({ status, values }: Axis): string {
  if (status === 'inferred') return values.join(' or ');
  return status === 'not-asked' ? 'not asked' : 'could not be inferred';
}

function declaredOf({ status, values, declared, from }: Axis): string {
  const said = from === 'declared' ? `declared ${declared}` : `default ${declared}`;
  return status === 'inferred' && !values.includes(declared) ? `NO: ${said}` : said;
}

function linesOf({ reason, evidence }: Axis): string[] {
  return [...(reason === undefined ? [] : [reason]), ...evidence.map(({ text }) => text)];
}

function flagsOf(axes: readonly Axis[]): string[] {
  const other = axes.filter(({ status, values, declared }) => status === 'inferred' && !values.includes(declared));
  const seen: Dialect = Object.fromEntries(other.map(({ axis, values }) => [axis, values[0]]));
  return other.length === 0 ? [] : ['', `Not as declared. If it is meant, declare it with ${dialectFlags(seen)}`];
}
