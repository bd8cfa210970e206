import { countText } from '../../spec/lib/units.js';
import type { BenchAdapter, RefusedSimulation, Simulated, Simulations, Timing } from '../../spec/types/documents.js';
import type { BenchSource } from '../bench/reporter.js';
import { groupBy } from '../result/result.js';
import { candidateOf, settingOf, timedMask, worldlessSetting } from '../result/timing-names.js';
import type { Implementation } from './implementations.js';
import type { BenchData, SimulationData, SimulationPoint, TimingData } from './site-data.js';

/** Document of `simulate --json`. */
export interface SimulationSource {
  readonly file: string;
  readonly simulations: Simulations;
}

/** Groups simulations by cluster and workload, to draw them together. */
export function simulationData({ file, simulations }: SimulationSource): SimulationData[] {
  const groups = groupBy<Simulated | RefusedSimulation, string>(simulations, ({ cluster, workload }) =>
    JSON.stringify([cluster, workload]),
  );
  return [...groups.values()].map((of) => ({
    file,
    cluster: of[0].cluster,
    workload: of[0].workload,
    points: of.flatMap((s) => ('refused' in s ? [] : [pointOf(s)])),
    refused: [...new Set(of.flatMap((s) => ('refused' in s ? [s.refused] : [])))],
  }));
}

function pointOf({ scheme, ranks, tokens, share, seconds, forward, peakBytes, fits }: Simulated): SimulationPoint {
  return { scheme, ranks, tokens, share, seconds, imbalance: forward.imbalance, sentBytes: forward.sentBytes.mean, peakBytes, fits };
}

/** Omits ratios of software devices to real baselines, which are not comparable. */
export function benchData({ file, bench }: BenchSource, implementations: readonly Implementation[]): BenchData {
  const { started, machine, baseline } = bench;
  const adapters = new Map(
    bench.adapters.map((adapter) => [adapter.id, { software: adapter.software, ...nameOf(adapter, implementations) }]),
  );
  const ranked = bench.timings.find((timing) => timing.adapter === baseline || timing.case.parallel?.scheme === baseline)?.adapter;
  const baselineIsReal = ranked !== undefined && adapters.get(ranked)?.software === false;
  const timings = bench.timings.map((timing): TimingData => {
    const { name = timing.adapter, key, software = false } = adapters.get(timing.adapter) ?? {};
    const { ratio: _, ...unranked } = timing;
    return {
      candidate: candidateOf(timing, name),
      ...(key !== undefined && { implementation: key }),
      software,
      ...figuresOf(published(software && baselineIsReal ? unranked : timing)),
    };
  });
  return { file, started, machine, baseline, timings };
}

/** Largest published spread: MAD over the median; for a ratio, half its interval over it. */
const largestSpread = 0.1;

/** Replaces times by their spread if it is too large; drops ratios with a large spread. */
function published(timing: Timing): Timing & { spread?: number } {
  const { latency, ratio, ranks, ...rest } = timing;
  const spread = latency ? latency.mad / latency.p50 : 0;
  if (spread > largestSpread) return { ...rest, spread };
  const isKnown = ratio !== undefined && (ratio.high - ratio.low) / 2 <= largestSpread * ratio.p50;
  return { ...rest, ...(latency && { latency }), ...(isKnown && { ratio }), ...(ranks && { ranks }) };
}

function figuresOf(timing: Timing & { spread?: number }): Omit<TimingData, 'candidate' | 'software'> {
  const { latency, ratio, verdict, reason, spread, ranks, warnings, flops, peakBytes, swept, case: c } = timing;
  return {
    setting: settingOf(timing),
    mask: timedMask(timing),
    ...(swept && { swept: sweptData(timing) }),
    length: c.dims.n,
    verdict,
    ...(reason !== undefined && { reason }),
    ...(spread !== undefined && { spread }),
    ...(latency && { latency: { p50: latency.p50, p75: latency.p75, p99: latency.p99, mad: latency.mad, samples: latency.samples } }),
    ...(ratio && { ratio: { p50: ratio.p50, low: ratio.low, high: ratio.high } }),
    ...(latency && latency.p50 > 0 && { rate: flops / latency.p50 / 1e6 }),
    ...(peakBytes !== undefined && latency && { peakBytes }),
    ...(c.parallel && { world: { ranks: c.parallel.ranks, setting: worldlessSetting(timing) } }),
    ...(ranks && { ranks }),
    warnings,
  };
}

function sweptData(timing: Timing): NonNullable<TimingData['swept']> {
  const numbers = Object.entries(timing.swept ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return numbers.map(([name, value]) => {
    const { [name]: _, ...others } = timing.swept as NonNullable<Timing['swept']>;
    return { name, value, of: `${timedMask({ ...timing, swept: others })}, ${countText(timing.case.dims.n)} keys` };
  });
}

/** Returns the name in results of this version, or else the id, with the version if it differs. */
function nameOf({ id, version }: BenchAdapter, implementations: readonly Implementation[]): { name: string; key?: string } {
  const same = implementations.filter(({ adapter }) => adapter.id === id);
  const found = same.find(({ adapter }) => adapter.version === version);
  if (found) return { name: found.key, key: found.key };
  return { name: same.length > 0 ? `${id}@${version ?? 'no version'}` : id };
}
