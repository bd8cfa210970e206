import { checkDocument } from '../../spec/lib/documents.js';
import type { Bench, Timing } from '../../spec/types/documents.js';
import { minimalCase } from './made-up.js';

/** A timing of so many milliseconds. */
export function timing(adapter: string, p50: number, more: Partial<Timing> = {}): Timing {
  const latency = { samples: 25, min: p50, p50, p75: p50 * 1.1, p99: p50 * 1.5, mean: p50, mad: p50 / 100, rme: 1 };
  return { adapter, case: caseOf('causal', 256), pass: 'forward', verdict: 'timed', flops: 2e6, warnings: [], latency, ...more };
}

export function caseOf(mask: string, n: number): Timing['case'] {
  return { ...minimalCase, dims: { ...minimalCase.dims, m: n, n }, mask: { name: mask }, options: {} };
}

export function without(adapter: string, verdict: Timing['verdict'], reason: string, more: Partial<Timing> = {}): Timing {
  const { latency: _, ...rest } = timing(adapter, 1, { verdict, reason, ...more });
  return rest;
}

const adapter = (id: string, version: string | null, software = false) => ({ id, title: id, version, environment: {}, software });

/** One document with what a timing can hold, held to the schema. */
export const madeUpBench: Bench = checkDocument(
  'bench',
  {
    format: 1,
    suite: '0.1.0',
    spec: {},
    seed: 0,
    started: '2026-01-02T03:04:05.000Z',
    machine: { cpu: 'a made-up processor', cores: '2' },
    baseline: 'mine',
    adapters: [adapter('mine', '1.2.3'), adapter('reference', '9.9.9'), adapter('stranger', null), adapter('soft', null, true)],
    timings: [
      timing('mine', 2),
      timing('mine', 8, { case: caseOf('causal', 512) }),
      timing('reference', 3, { ratio: { p50: 1.5, low: 1.4, high: 1.6, pairs: 25 } }),
      without('reference', 'wrong', 'o is off by 3 times the bound', { case: caseOf('causal', 512) }),
      without('stranger', 'unsupported', 'mask causal is not claimed'),
      timing('stranger', 1, {
        case: { ...caseOf('full', 256), parallel: { scheme: 'ring', ranks: 2 } },
        ranks: { mean: 0.75, slowest: 1 },
      }),
      timing('soft', 50, {
        ratio: { p50: 25, low: 20, high: 30, pairs: 25 },
        warnings: ['noisy: the median distance from the median is 30 %'],
      }),
    ],
    complete: true,
  },
  'made-up bench',
);

/** Timings over a parameter that flags gave three values, with peak memory, and of a scheme on two numbers of ranks. */
export const sweptBench: Bench = checkDocument(
  'bench',
  {
    ...madeUpBench,
    baseline: null,
    timings: [
      ...[0, 64, 128].map((left) => timing('mine', 1 + left / 64, { swept: { left, lengths: 'pile' }, peakBytes: 1e6 * (left + 1) })),
      ...[2, 4].map((ranks) =>
        timing('reference', 8 / ranks, {
          case: { ...caseOf('full', 256), parallel: { scheme: 'ring', ranks } },
          ranks: { mean: 8 / ranks, slowest: 9 / ranks, each: Array.from({ length: ranks }, (_, rank) => (8 + rank) / ranks) },
        }),
      ),
    ],
  },
  'made-up bench with curves',
);
