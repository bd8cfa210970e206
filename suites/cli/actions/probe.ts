import { checkSource } from '../../../adapters/load.js';
import { jsonText, plainLine, plainText, printable } from '../../../reports/text/plain-text.js';
import { formatTable } from '../../../reports/text/table.js';
import { type Dialect, dialectFlags } from '../../../spec/dialect.js';
import { unavailableText } from '../../../spec/lib/unavailable.js';
import type { Probe } from '../../../spec/types/documents.js';
import { exitCodes } from '../../lib/exit-code.js';
import { requireFile, writeFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { probeAdapter } from '../../probe/probe.js';
import { defaults } from '../defaults.js';

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
  return other.length === 0 ? [] : ['', `Not as declared. If this is intended, declare it with ${dialectFlags(seen)}`];
}

export interface ProbeFlags {
  readonly adapter?: string;
  readonly json?: boolean;
  readonly write?: string;
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly python?: string;
}

/** Runs `attn-cts probe`. @returns the exit code: 3 if the start or an inference failed. */
export async function probeAction({ adapter, json, write, timeout, startTimeout, python }: ProbeFlags): Promise<number> {
  if (adapter === undefined) throw new UsageError('--adapter: name what to probe, such as npx attention-cts probe ./kernel.ts');
  checkSource(adapter);
  if (write !== undefined) requireFile('--write', write);
  const probed = await probeAdapter(adapter, {
    timeout: timeout ?? defaults.timeout,
    startTimeout: startTimeout ?? defaults.startTimeout,
    load: { python },
  });
  if (probed.state === 'unavailable') {
    process.stderr.write(`${plainText(`${adapter} is unavailable: ${unavailableText(probed)}`)}\n`);
    return exitCodes.inconclusive;
  }
  const { probe } = probed;
  process.stdout.write(json ? jsonText(probe) : probeText(probe));
  if (write !== undefined) {
    writeFor('--write', write, `${JSON.stringify(probe.dialect, null, 2)}\n`);
    for (const { axis, status, reason } of probe.axes)
      if (status === 'not-inferred') process.stderr.write(`${plainText(`${axis} is not declared in ${write}: ${reason}`)}\n`);
  }
  return probe.axes.some(({ status }) => status === 'not-inferred') ? exitCodes.inconclusive : exitCodes.passed;
}
