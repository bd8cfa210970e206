import { shortNumber } from '../../spec/lib/short-number.js';
import { bytesText, countText } from '../../spec/lib/units.js';
import type { Bench, Timing } from '../../spec/types/documents.js';
import { groupBy } from '../result/result.js';
import { candidateOf, settingOf, softwareAdapters, timedMask } from '../result/timing-names.js';

/** Table of the timings of one setting: a row per mask and length, a column per candidate. */
export interface TimingTable {
  readonly setting: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Makes a table per pass, dtype and number of ranks. */
export function timingTables(bench: Bench): TimingTable[] {
  const shown = bench.timings.filter(({ verdict }) => verdict !== 'skipped');
  return [...groupBy(shown, settingOf)].map(([setting, timings]) => ({ setting, ...tableOf(bench, timings) }));
}

function tableOf(bench: Bench, timings: readonly Timing[]): Omit<TimingTable, 'setting'> {
  const columns = [...new Set(timings.map((t) => candidateOf(t)))];
  const rows = [...groupBy(timings, (t) => `${timedMask(t)}\t${t.case.dims.n}`)].map(([key, of]) => [
    ...key.split('\t'),
    ...columns.map((column) => cell(of.find((t) => candidateOf(t) === column))),
  ]);
  const software = softwareAdapters(bench);
  const soft = new Set(timings.flatMap((t) => (software.has(t.adapter) ? [candidateOf(t)] : [])));
  const marked = columns.map((column) => `${column}${soft.has(column) ? ' *' : ''}`);
  return { head: ['mask', 'tokens', ...marked], rows };
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

export const softwareNote = '* a software device: do not rank it against real ones';

/** Explains the columns: ratios, memory, the mark of software devices. */
export function tableNotes(bench: Bench): string[] {
  const { baseline, timings } = bench;
  return [
    ...(baseline === null ? [] : [`ratios to ${baseline}: the median of paired calls, [its 95 % confidence interval]`]),
    ...(timings.some(({ peakBytes }) => peakBytes !== undefined)
      ? ['last in a cell: peak memory, reported by the kernel or measured of its whole process']
      : []),
    ...(softwareAdapters(bench).size > 0 ? [softwareNote] : []),
  ];
}

/** Lists problems without a time, problems that the budget left out, and warnings; each only if it has lines. */
export function timingLists(bench: Bench): (readonly [title: string, lines: readonly string[]])[] {
  const lists = [
    ['without a time', withoutTime(bench)],
    ['left out', leftOut(bench)],
    ['noted', warningsOf(bench)],
  ] as const;
  return lists.filter(([, lines]) => lines.length > 0);
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
