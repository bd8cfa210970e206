import { Bench as Tinybench } from 'tinybench';
import { shortNumber } from '../../spec/lib/short-number.js';
import type { Timing } from '../../spec/types/documents.js';
import { type Candidate, NoTime } from './candidate.js';
import { type ClockReading, heldToClock, heldToClocks, repeatsToTell, seenRepeat } from './clock.js';
import { driftOf, median, pairedRatio } from './ratio.js';
import { RoundRobin } from './round-robin.js';

/** Time and number of calls for a problem. */
export interface TimeBudget {
  /** Milliseconds per candidate, estimated from the first calls. */
  readonly time: number;
  readonly fewest: number;
  readonly most: number;
}

const warmups = 3;
const judgedCalls = 3;
/** Milliseconds from which fewer calls suffice. */
const longCall = 1000;
const fewMessages = 2;
/** Messages of each kind per comparison of clocks, and most comparisons. */
const comparedMessages = 5;
const comparisons = 3;
const longestMessage = 250;
/** Share of a core above which an idle process has not finished, or waits in a busy loop. */
const quietShare = 0.5;

type Measurement = Pick<
  Timing,
  'verdict' | 'reason' | 'method' | 'latency' | 'ratio' | 'drift' | 'outside' | 'peakBytes' | 'ranks' | 'judged' | 'warnings'
>;

interface Run {
  readonly candidate: Candidate;
  readonly samples: number[];
  noTime?: NoTime;
}

/**
 * Times candidates in turns; a wrong answer voids a time. `random` hides which are judged.
 */
export async function measure(
  candidates: readonly Candidate[],
  baseline: number | undefined,
  budget: TimeBudget,
  random: () => number,
): Promise<Measurement[]> {
  const runs: Run[] = candidates.map((candidate) => ({ candidate, samples: [] }));
  const first: number[] = [];
  for (const run of runs) await attempt(run, async () => void first.push(await warmUp(run.candidate)));
  const slowest = Math.max(...first, 1e-3);
  const iterations = Math.round(Math.min(budget.most, Math.max(budget.fewest, budget.time / slowest)));
  const keep = someOf(iterations, slowest > longCall ? 1 : judgedCalls, random);
  const latencies = await sample(runs, iterations, keep);
  for (const run of runs) await attempt(run, () => holdToOutside(run.candidate));
  for (const run of runs) await attempt(run, async () => void (await run.candidate.judge()));
  return runs.map((run, x) => summary(run, latencies[x], baseline === undefined || baseline === x ? undefined : runs[baseline], keep.size));
}

/** Distinct numbers below a limit, by a partial shuffle: all subsets are equally likely. */
export function someOf(limit: number, count: number, random: () => number): ReadonlySet<number> {
  const all = Array.from({ length: limit }, (_, x) => x);
  for (let x = 0; x < Math.min(count, limit); x++) {
    const other = x + Math.min(limit - x - 1, Math.floor(random() * (limit - x)));
    [all[x], all[other]] = [all[other], all[x]];
  }
  return new Set(all.slice(0, count));
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

/** Milliseconds of the fastest of the first calls, without the very first, which may compile. */
async function warmUp(candidate: Candidate): Promise<number> {
  const times: number[] = [];
  for (let x = 0; x < warmups; x++) {
    await candidate.renew();
    times.push(await candidate.time({ first: x === 0 }));
    if (x > 0 && times[x] > longCall) break;
  }
  // built-in programs time the ranks
  if (!candidate.problem.case.parallel) await compareClocks(candidate);
  candidate.forget();
  return Math.min(...times.slice(1));
}

/**
 * Compares the clock of the kernel's process with the runner's: messages with many repeats take
 * turns with idle ones. A kernel that times itself has costs per message, e.g. files, in both.
 * @throws {NoTime} if it claims much less time than seen, or the machine is too busy to tell.
 */
async function compareClocks(candidate: Candidate): Promise<void> {
  let reading = await readClocks(candidate, undefined);
  const readings = [reading];
  while (readings.length < comparisons && heldToClocks(readings) !== 'believed') {
    reading = await readClocks(candidate, reading);
    readings.push(reading);
  }
  const verdict = heldToClocks(readings);
  if (verdict === 'believed') return;
  const unit = candidate.timesItself ? 'repeat' : 'call';
  if (verdict === 'wrong') throw hidesWork(reading, unit);
  throw new NoTime(
    'inconclusive',
    `the machine is too busy to check its clock: ${claimOf(reading, unit)}, and up to ${shortNumber(seenRepeat(reading).most)} ms were measured outside its process; time it again when the machine is less busy`,
  );
}

function hidesWork(reading: ClockReading, unit: 'repeat' | 'call'): NoTime {
  return new NoTime(
    'wrong',
    `${claimOf(reading, unit)}, and ${shortNumber(seenRepeat(reading).least)} ms were measured outside its process`,
  );
}

function claimOf({ claimed }: ClockReading, unit: 'repeat' | 'call'): string {
  return `it claims ${shortNumber(median(claimed))} ms a ${unit}`;
}

async function readClocks(candidate: Candidate, before: ClockReading | undefined): Promise<ClockReading> {
  const idle = [...(before?.idle ?? [])];
  for (let x = idle.length; x < comparedMessages; x++) idle.push(await candidate.waste());
  const { inside, outside } = candidate;
  const once = before ? seenRepeat(before).most : Math.max(inside[inside.length - 1], outside[outside.length - 1] - Math.max(...idle));
  const repeats = repeatsToTell(once, idle, longestMessage * (before ? 2 : 1));
  // a kernel that repeats by itself does so at least once
  const extra = candidate.timesItself ? 1 : 0;
  const reading = { claimed: [] as number[], outside: [] as number[], idle: [] as number[], repeats, hosted: extra === 0 };
  const messages = once > longCall ? fewMessages : comparedMessages;
  for (let x = 0; x < messages; x++) {
    candidate.forget();
    if (extra) await candidate.time();
    reading.idle.push(extra ? outside[0] : await candidate.waste(repeats));
    reading.claimed.push(await candidate.time({ repeats: repeats + extra }));
    reading.outside.push(outside[outside.length - 1]);
  }
  return reading;
}

async function sample(runs: readonly Run[], iterations: number, keep: ReadonlySet<number>): Promise<(Timing['latency'] | undefined)[]> {
  const bench = new Tinybench({ concurrency: 'bench', iterations, time: 0, warmup: false, retainSamples: false });
  const racing = runs.filter((run) => !run.noTime);
  const turns = new RoundRobin(racing.map((_, x) => x));
  for (const [x, run] of racing.entries()) {
    const step = async () => {
      const { candidate, samples } = run;
      await candidate.renew();
      if (!candidate.timesItself) candidate.idle.push(await candidate.waste());
      const time = await candidate.time({ keep: keep.has(samples.length) });
      samples.push(time);
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

function summary({ candidate, samples, noTime }: Run, latency: Timing['latency'], baseline: Run | undefined, judged: number): Measurement {
  if (noTime || !latency) {
    const { verdict, message } = noTime ?? new NoTime('failed', 'it was not timed');
    return { verdict, reason: message, warnings: [] };
  }
  const drift = driftOf(samples);
  const ratio = baseline && !baseline.noTime ? pairedRatio(samples, baseline.samples) : undefined;
  return {
    verdict: 'timed',
    method: candidate.method,
    latency,
    ...(ratio && { ratio }),
    drift,
    ...(candidate.outside.length > 0 && { outside: median(candidate.outside) }),
    ...(candidate.peakBytes > 0 && { peakBytes: candidate.peakBytes }),
    ...(candidate.rankMeans.length > 0 && { ranks: ranksOf(candidate) }),
    judged,
    warnings: warningsOf(candidate, drift),
  };
}

function ranksOf({ rankMeans, rankSlowest, rankTimes }: Candidate): NonNullable<Timing['ranks']> {
  const each = rankTimes[0].map((_, rank) => median(rankTimes.map((times) => times[rank])));
  return { mean: median(rankMeans), slowest: median(rankSlowest), each };
}

/** Checks timed calls too, as a kernel may stop its clock for them alone. @throws {NoTime} */
async function holdToOutside(candidate: Candidate): Promise<void> {
  const { inside, outside, idle, timesItself, problem } = candidate;
  if (outside.length === 0 || timesItself || problem.case.parallel) return;
  let reading = { claimed: [...inside], outside: [...outside], idle: [...idle], repeats: 1, hosted: true };
  for (let round = 0; heldToClock(reading) === 'wrong'; round++) {
    if (round === comparisons) throw hidesWork(reading, 'call');
    reading = { ...reading, claimed: [], outside: [], idle: [] };
    for (let x = 0; x < comparedMessages; x++) {
      await candidate.renew();
      reading.idle.push(await candidate.waste());
      reading.claimed.push(await candidate.time());
      reading.outside.push(outside[outside.length - 1]);
    }
  }
}

function warningsOf({ busyAfter }: Candidate, drift: number): string[] {
  return [
    ...(Math.abs(drift - 1) > 0.1 ? [`drifts: the second half of the calls took ${drift.toFixed(2)} times as long as the first`] : []),
    ...(busyAfter > quietShare ? [`its process was busy (${Math.round(busyAfter * 100)} % of a core) after its calls had returned`] : []),
  ];
}
