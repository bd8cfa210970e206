import type { Bench, Timing } from '../../spec/types/documents.js';
import { groupBy } from '../result/result.js';
import { candidateOf, maskName, problemKey, settingOf } from '../result/timing-names.js';
import { plural } from '../text/plain-text.js';

/** Change of a candidate's time on a problem, beyond noise. */
export interface TimingChange {
  readonly candidate: string;
  readonly problem: string;
  /** `ratio` to the same interleaved baseline, or `time` in milliseconds on the same machine. */
  readonly by: 'ratio' | 'time';
  readonly old: number;
  readonly now: number;
}

interface TimedChange {
  readonly candidate: string;
  readonly problem: string;
  readonly old: Timing['verdict'];
  readonly now: Timing['verdict'];
}

export interface BenchDiff {
  readonly timings: readonly TimingChange[];
  readonly timed: readonly TimedChange[];
  /** True for different machines, which are compared only by ratios. */
  readonly otherMachine: boolean;
}

const least = 0.05;

/** Compares bench documents. Changes have disjoint 95 % intervals; they are never regressions. */
export function diffBenches(old: Bench, now: Bench): BenchDiff {
  const otherMachine = JSON.stringify(Object.entries(old.machine).sort()) !== JSON.stringify(Object.entries(now.machine).sort());
  const sameBaseline = now.baseline !== null && old.baseline === now.baseline && versionOf(old) === versionOf(now);
  const key = (timing: Timing) => JSON.stringify([timing.adapter, problemKey(timing)]);
  const before = groupBy(old.timings, key);
  const pairs = now.timings.flatMap((timing) => (before.get(key(timing)) ?? []).map((other) => [other, timing] as const));
  const named = (timing: Timing) => ({
    candidate: candidateOf(timing),
    problem: `${maskName(timing.case.mask)}, ${plural(timing.case.dims.n, 'key')}, ${settingOf(timing)}`,
  });
  return {
    otherMachine,
    timings: pairs.flatMap(([a, b]): TimingChange[] => {
      const ratios = sameBaseline ? [a.ratio, b.ratio] : [];
      const [x, y] = ratios[0] && ratios[1] ? ratios : otherMachine ? [] : [intervalOf(a), intervalOf(b)];
      if (!x || !y || !isBeyondNoise(x, y)) return [];
      return [{ ...named(b), by: ratios[0] && ratios[1] ? 'ratio' : 'time', old: x.p50, now: y.p50 }];
    }),
    timed: pairs.flatMap(([a, b]) =>
      a.verdict !== b.verdict && [a.verdict, b.verdict].includes('timed') ? [{ ...named(b), old: a.verdict, now: b.verdict }] : [],
    ),
  };
}

interface Interval {
  readonly p50: number;
  readonly low: number;
  readonly high: number;
}

function isBeyondNoise(a: Interval, b: Interval): boolean {
  return (b.low > a.high || b.high < a.low) && Math.abs(b.p50 / a.p50 - 1) > least;
}

/**
 * 95 % interval of the median of a normal sample: its standard deviation is √(π/2)·σ/√n, with σ =
 * 1.4826 times the median distance from the median (Huber and Ronchetti, Robust Statistics, 5.1).
 */
function intervalOf({ latency }: Timing): Interval | undefined {
  if (!latency) return undefined;
  const reach = (1.96 * Math.sqrt(Math.PI / 2) * 1.4826 * latency.mad) / Math.sqrt(latency.samples);
  return { p50: latency.p50, low: latency.p50 - reach, high: latency.p50 + reach };
}

/** Version of an adapter as baseline. Ratios to different versions are not comparable. */
function versionOf({ baseline, adapters }: Bench): string | null | undefined {
  return adapters.find(({ id }) => id === baseline)?.version;
}
