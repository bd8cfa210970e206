import { groupBy } from '../../../reports/result/result.js';
import { candidateOf, settingOf, timedMask } from '../../../reports/result/timing-names.js';
import { plainLine, printable } from '../../../reports/text/plain-text.js';
import { formatTable } from '../../../reports/text/table.js';
import { bytesText, countText } from '../../../spec/lib/units.js';
import type { Bench, Timing } from '../../../spec/types/documents.js';
import { shortNumber } from '../../lib/short-number.js';

/** Formats a table per pass, dtype and number of ranks, then the failures, skips and warnings. */
export function benchText(document: Bench, out: string): string {
  const bench = printable(document);
  const sections = [
    ...groupBy(
      bench.timings.filter(({ verdict }) => verdict !== 'skipped'),
      settingOf,
    ),
  ].map(([head, timings]) => `${head}\n${tableOf(bench, timings)}`);
  const base = bench.baseline === null ? '' : `ratios to ${bench.baseline}: the median of paired calls, [its 95 % confidence interval]\n`;
  const memory = bench.timings.some(({ peakBytes }) => peakBytes !== undefined)
    ? 'last in a cell: peak memory, reported by the kernel or measured of its whole process\n'
    : '';
  const soft = bench.adapters.some(({ software }) => software) ? '* a software device: do not rank it against real ones\n' : '';
  const lists = [
    listOf('without a time', withoutTime(bench)),
    listOf('left out', leftOut(bench)),
    listOf('noted', warningsOf(bench)),
  ].filter((text) => text !== '');
  return `${[...sections, ...lists].join('\n')}\n${base}${memory}${soft}written to ${out}/bench.json\n`;
}

function tableOf(bench: Bench, timings: readonly Timing[]): string {
  const columns = [...new Set(timings.map((t) => candidateOf(t)))];
  const rows = [...groupBy(timings, (t) => `${timedMask(t)}\t${t.case.dims.n}`)].map(([key, of]) => [
    ...key.split('\t'),
    ...columns.map((column) => cell(of.find((t) => candidateOf(t) === column))),
  ]);
  const marked = columns.map((column) => `${column}${isSoftware(bench, column) ? ' *' : ''}`);
  return formatTable(['mask', 'tokens', ...marked], rows, ['left', 'right', ...columns.map(() => 'right' as const)]);
}

function isSoftware({ adapters }: Bench, column: string): boolean {
  return adapters.some(({ id, software }) => software && (column === id || column.endsWith(` (${id})`)));
}

const withoutLatency: Readonly<Record<Timing['verdict'], string>> = {
  timed: '–',
  wrong: 'WRONG',
  failed: 'FAILED',
  inconclusive: 'too busy',
  unsupported: '–',
  unavailable: '–',
  skipped: 'left out',
};

function cell(timing: Timing | undefined): string {
  if (!timing?.latency) return withoutLatency[timing?.verdict ?? 'unsupported'];
  const { latency, ratio, flops, ranks, peakBytes } = timing;
  const rate = `${shortNumber(flops / latency.p50 / 1e6)} GFLOP/s`;
  const spread = ranks ? `, mean rank ${shortNumber(ranks.mean)} ms` : '';
  const against = ratio ? `×${ratio.p50.toFixed(2)} [${ratio.low.toFixed(2)}, ${ratio.high.toFixed(2)}]  ` : '';
  return `${against}${shortNumber(latency.p50)} ms ±${Math.round((100 * latency.mad) / latency.p50)} %${spread}  ${rate}${peakBytes === undefined ? '' : `  ${bytesText(peakBytes)}`}`;
}

function withoutTime({ timings }: Bench): string[] {
  const missing = timings.filter(({ verdict }) => verdict !== 'timed' && verdict !== 'skipped');
  return [...groupBy(missing, (t) => `${candidateOf(t)}: ${t.verdict}: ${t.reason ?? ''}`)].map(([text, of]) => {
    const [one] = of;
    const first = `${timedMask(one)} ${one.case.dims.n} ${one.case.dtype} ${one.pass}`;
    return of.length === 1 ? `${text} (${first})` : `${text} (${of.length} problems, the first ${first})`;
  });
}

function leftOut({ timings }: Bench): string[] {
  const skipped = timings.filter(({ verdict }) => verdict === 'skipped');
  // reasons state the time that a problem would have taken; one stands for all of a length
  return [...groupBy(skipped, (t) => `${candidateOf(t)}, ${t.pass}, ${countText(t.case.dims.n)} tokens`)].map(
    ([text, of]) => `${text}: ${[...new Set(of.map((t) => timedMask(t)))].join(', ')}; ${of[0].reason ?? ''}`,
  );
}

function warningsOf({ timings }: Bench): string[] {
  return timings.flatMap((t) => t.warnings.map((text) => `${candidateOf(t)}, ${timedMask(t)} ${t.case.dims.n} ${t.pass}: ${text}`));
}

function listOf(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${plainLine(line)}\n`).join('')}`;
}
