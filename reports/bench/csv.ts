import { stringify } from 'csv-stringify/sync';
import type { Timing } from '../../spec/types/documents.js';
import { maskName, softwareAdapters, sweptText } from '../result/timing-names.js';
import { plainLine } from '../text/plain-text.js';
import type { BenchReport, BenchSource } from './reporter.js';

type Cell = (timing: Timing, source: BenchSource) => string | number | undefined;

/** Columns in their order; durations in milliseconds, as in the document. */
const columns: Readonly<Record<string, Cell>> = {
  file: (_, { file }) => file,
  started: (_, { bench }) => bench.started,
  adapter: ({ adapter }) => adapter,
  version: ({ adapter }, { bench }) => bench.adapters.find(({ id }) => id === adapter)?.version ?? undefined,
  software: ({ adapter }, { bench }) => (softwareAdapters(bench).has(adapter) ? 'yes' : 'no'),
  scheme: ({ case: { parallel } }) => parallel?.scheme,
  ranks: ({ case: { parallel } }) => parallel?.ranks,
  operator: ({ case: { operator } }) => operator,
  pass: ({ pass }) => pass,
  mask: ({ case: { mask } }) => maskName(mask),
  swept: sweptText,
  dtype: ({ case: { dtype } }) => dtype,
  batch: ({ case: { dims } }) => dims.b,
  query_heads: ({ case: { dims } }) => dims.hk * dims.g,
  key_heads: ({ case: { dims } }) => dims.hk,
  dim: ({ case: { dims } }) => dims.d,
  tokens: ({ case: { dims } }) => dims.n,
  verdict: ({ verdict }) => verdict,
  reason: ({ reason }) => reason,
  method: ({ method }) => method,
  samples: ({ latency }) => latency?.samples,
  min_ms: ({ latency }) => latency?.min,
  p50_ms: ({ latency }) => latency?.p50,
  p75_ms: ({ latency }) => latency?.p75,
  p99_ms: ({ latency }) => latency?.p99,
  mean_ms: ({ latency }) => latency?.mean,
  mad_ms: ({ latency }) => latency?.mad,
  flops: ({ flops }) => flops,
  ratio: ({ ratio }) => ratio?.p50,
  ratio_low: ({ ratio }) => ratio?.low,
  ratio_high: ({ ratio }) => ratio?.high,
  peak_bytes: ({ peakBytes }) => peakBytes,
  mean_rank_ms: ({ ranks }) => ranks?.mean,
  slowest_rank_ms: ({ ranks }) => ranks?.slowest,
  warnings: ({ warnings }) => warnings.join('; '),
};

/** Table for a spreadsheet: a row per timing, a column per figure. */
export const benchCsv: BenchReport = (sources) => {
  const rows = sources.flatMap((source) =>
    source.bench.timings.map((timing) => Object.values(columns).map((cellOf) => cellOf(timing, source) ?? '')),
  );
  // escape texts that a spreadsheet would run as formulas
  return stringify(
    [Object.keys(columns), ...rows].map((row) => row.map((cell) => (typeof cell === 'string' ? plainLine(cell) : cell))),
    { escape_formulas: true },
  );
};
