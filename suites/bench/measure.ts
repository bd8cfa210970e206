import { Bench as Tinybench } from 'tinybench';
import type { Timing } from '../../spec/types/documents.js';
import { type Contestant, NoTime } from './contestant.js';
import type { BenchProblem } from './problems.js';
import { driftOf, median, pairedRatio } from './ratio.js';
import { Turns } from './turns.js';

/** How long a problem is timed. */
export interface Budget {
  /** Milliseconds for each contestant, as its first calls tell. */
  readonly time: number;
  readonly fewest: number;
  readonly most: number;
}

/** Sets of values that the calls go through; fewer where they would take much memory. */
const valueSets = 4;
const mostInputBytes = 2 ** 28;
const warmups = 3;
/** Of the timed calls, how many answers are kept and judged. */
const judgedCalls = 3;
/** A kernel that claims less than this share of what is seen from outside has another clock. */
const leastClaim = 0.5;
/** Repeats that a kernel that times itself is asked for, to see what each of them takes. */
const selfTimed = 9;
/** Milliseconds that messages between processes may take. */
const messageTime = 2;
/** A process that is busier than this while nothing is asked of it has not finished, or waits by turning round. */
const quietShare = 0.5;

type Measurement = Pick<
  Timing,
  'verdict' | 'reason' | 'method' | 'latency' | 'ratio' | 'drift' | 'outside' | 'peakBytes' | 'ranks' | 'judged' | 'warnings'
>;

interface Run {
  readonly contestant: Contestant;
  /** Milliseconds, in order. */
  readonly samples: number[];
  noTime?: NoTime;
}

/**
 * Times contestants in turns. A random sample of the timed answers is judged; who gives a wrong one has no time.
 * @param baseline index of the contestant that ratios are taken to.
 * @param random numbers in [0, 1).
 */
export async function measure(
  contestants: readonly Contestant[],
  baseline: number | undefined,
  budget: Budget,
  random: () => number,
): Promise<Measurement[]> {
  const runs: Run[] = contestants.map((contestant) => ({ contestant, samples: [] }));
  const first: number[] = [];
  for (const run of runs) await attempt(run, async () => void first.push(await warmUp(run.contestant)));
  const slowest = Math.max(...first, 1e-3);
  const iterations = Math.round(Math.min(budget.most, Math.max(budget.fewest, budget.time / slowest)));
  const keep = new Set(Array.from({ length: judgedCalls }, () => Math.floor(random() * iterations)));
  const latencies = await sample(runs, iterations, keep, random);
  for (const run of runs) await attempt(run, async () => void (await run.contestant.judge()));
  return runs.map((run, x) => summary(run, latencies[x], baseline === undefined || baseline === x ? undefined : runs[baseline], keep.size));
}

async function attempt(run: Run, work: () => Promise<void>): Promise<void> {
  if (run.noTime) return;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof NoTime)) throw error;
    run.noTime = error;
  }
}

/** @returns milliseconds of a call once the first, which may compile, is over. */
async function warmUp(contestant: Contestant): Promise<number> {
  const sets = setsOf(contestant.problem);
  await contestant.prepare(sets);
  const times: number[] = [];
  for (let x = 0; x < warmups; x++) times.push(await contestant.time(x % sets, { first: x === 0 }));
  if (contestant.timesItself) await holdToOutside(contestant);
  contestant.forget();
  return Math.min(...times.slice(1));
}

/**
 * What a call of a kernel that times itself takes besides, such as files, is the same for one repeat and for several: the difference is the
 * kernel's own. @throws {NoTime} where it claims much less.
 */
async function holdToOutside(contestant: Contestant): Promise<void> {
  contestant.forget();
  for (const repeats of [1, selfTimed]) await contestant.time(0, { repeats });
  const [once, often] = contestant.outside;
  const claimed = contestant.inside[1];
  const seen = (often - once) / (selfTimed - 1);
  if (claimed >= leastClaim * (seen - messageTime)) return;
  throw new NoTime('wrong', `it claims ${show(claimed)} ms a repeat, and each took ${show(seen)} ms more as seen from outside`);
}

/** The timed calls of all, in turns. @returns tinybench's statistics of each. */
async function sample(
  runs: readonly Run[],
  iterations: number,
  keep: ReadonlySet<number>,
  random: () => number,
): Promise<(Timing['latency'] | undefined)[]> {
  const bench = new Tinybench({ concurrency: 'bench', iterations, time: 0, warmup: false, retainSamples: false });
  const racing = runs.filter((run) => !run.noTime);
  const turns = new Turns(racing.map((_, x) => x));
  for (const [x, run] of racing.entries()) {
    const step = async () => {
      const at = run.samples.length;
      const time = await run.contestant.time(Math.floor(random() * setsOf(run.contestant.problem)), { keep: keep.has(at) });
      run.samples.push(time);
      return { overriddenDuration: time };
    };
    const task = async () => {
      try {
        return await turns.take(x, step);
      } catch (error) {
        if (!(error instanceof NoTime)) throw error;
        run.noTime = error;
        turns.leave(x);
        throw error;
      }
    };
    bench.add(String(x), task, { async: true, afterAll: () => turns.leave(x) });
  }
  if (racing.length > 0) await bench.run();
  return runs.map((run) => {
    const result = bench.getTask(String(racing.indexOf(run)))?.result;
    if (run.noTime || !result || !('latency' in result) || !result.latency) return undefined;
    const { min, p50, p75, p99, mean, mad, rme } = result.latency;
    return { samples: run.samples.length, min, p50, p75, p99, mean, mad, rme };
  });
}

function summary({ contestant, samples, noTime }: Run, latency: Timing['latency'], baseline: Run | undefined, judged: number): Measurement {
  const lie = noTime ?? outsideTells(contestant);
  if (lie || !latency) {
    const { verdict, message } = lie ?? new NoTime('failed', 'it was not timed');
    return { verdict, reason: message, warnings: [] };
  }
  const drift = driftOf(samples);
  const ratio = baseline && !baseline.noTime ? pairedRatio(samples, baseline.samples) : undefined;
  return {
    verdict: 'timed',
    method: contestant.method,
    latency,
    ...(ratio && { ratio }),
    drift,
    ...(contestant.outside.length > 0 && { outside: median(contestant.outside) }),
    ...(contestant.peakBytes > 0 && { peakBytes: contestant.peakBytes }),
    ...(contestant.rankMeans.length > 0 && { ranks: { mean: median(contestant.rankMeans), slowest: median(contestant.rankSlowest) } }),
    judged,
    warnings: warningsOf(contestant, drift),
  };
}

/** What is told by the clock of the kernel's process, which the kernel may have in its hands, is held against that of another. */
function outsideTells({ inside, outside, timesItself }: Contestant): NoTime | undefined {
  if (outside.length === 0 || timesItself) return undefined;
  // messages wait where a machine is busy, and never take less than nothing
  const [claimed, seen] = [median(inside), Math.min(...outside)];
  if (claimed >= leastClaim * (seen - messageTime)) return undefined;
  return new NoTime('wrong', `it claims ${show(claimed)} ms a call, and ${show(seen)} ms were seen from outside of its process`);
}

function warningsOf({ busyAfter }: Contestant, drift: number): string[] {
  return [
    ...(Math.abs(drift - 1) > 0.1 ? [`drifts: the second half of the calls took ${drift.toFixed(2)} times as long as the first`] : []),
    ...(busyAfter > quietShare ? [`its process was busy (${Math.round(busyAfter * 100)} % of a core) after its calls had returned`] : []),
  ];
}

function show(milliseconds: number): string {
  return String(Number(milliseconds.toPrecision(3)));
}

function setsOf({ case: { dims } }: BenchProblem): number {
  const { b, hk, g, m, n, d, e } = dims;
  const bytes = 8 * b * hk * (g * m * d + n * (d + e));
  return Math.max(2, Math.min(valueSets, Math.floor(mostInputBytes / bytes)));
}
