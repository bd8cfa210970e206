import { randomInt } from 'node:crypto';
import { checkSource } from '../../adapters/load.js';
import type { LoadOptions } from '../../adapters/load-options.js';
import type { Claims } from '../../spec/claims/claims.js';
import { unavailableText } from '../../spec/lib/unavailable.js';
import { createLibrary, type SpecDocument, versionsOf } from '../../spec/library.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { AdapterResult, Bench, Timing } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';
import { version } from '../lib/version.js';
import { Host, type HostSettings } from '../runner/host/host.js';
import { Judges } from '../runner/judge/judge.js';
import { type StartedAdapter, startAdapters } from '../runner/run/start-adapters.js';
import { Candidate } from './candidate.js';
import { flopsOf } from './flops.js';
import { Forecast } from './forecast.js';
import { machineOf, onSoftware } from './machine.js';
import { measure, type TimeBudget } from './measure.js';
import { type BenchProblem, type Sweep, shorter, type Workload, workloadsOf } from './problems.js';
import { whyUnclaimed } from './unclaimed.js';

export interface BenchOptions {
  readonly adapters: readonly string[];
  /** Id of an adapter, or a scheme. */
  readonly baseline?: string;
  readonly sweep: Sweep;
  readonly budget: TimeBudget;
  /** Milliseconds in all. The shortest lengths are timed first; the rest is left out. */
  readonly total?: number;
  readonly documents: readonly SpecDocument[];
  /** Seconds. */
  readonly timeout: number;
  readonly startTimeout: number;
  readonly load?: LoadOptions;
}

export interface BenchEvents {
  onAdapter?(adapter: AdapterResult): void;
  /** @param left estimated seconds. */
  onWorkload?(done: number, total: number, problem: BenchProblem, left: number | undefined): void;
}

/** @throws {UsageError | DocumentError | UnknownAdapter} before anything is timed. */
export async function bench(options: BenchOptions, events: BenchEvents = {}): Promise<Bench> {
  const library = createLibrary(options.documents);
  for (const source of options.adapters) checkSource(source);
  const workloads = workloadsOf(library, options.sweep);
  // short lengths first: a budget leaves out the longest, and the rest foretells these
  workloads.sort(([x], [y]) => x.case.dims.n - y.case.dims.n);
  const started = new Date().toISOString();
  const { timeout, startTimeout, load = {}, documents } = options;
  const settings = { documents, dialect: {}, timeout: timeout * 1000, startTimeout: startTimeout * 1000, load, timed: true };
  const adapters = await startAdapters(options.adapters, library, settings, 1);
  const judges = new Judges(1, documents);
  const hosts = new Hosts(adapters, settings);
  try {
    for (const { result, declared } of adapters) {
      events.onAdapter?.(result);
      if (declared) judges.register(result.id, { capabilities: declared, dialect: {} });
    }
    checkBaseline(options, adapters);
    const timings: Timing[] = [];
    const begun = performance.now();
    const left = () => (options.total === undefined ? Infinity : options.total - (performance.now() - begun));
    const forecast = new Forecast();
    const context = { library, options, adapters, hosts, judges, forecast, left, random: () => randomInt(2 ** 32) / 2 ** 32 };
    for (let at = 0; at < workloads.length; at++) {
      const workload = workloads[at];
      const spent = (performance.now() - begun) / 1000;
      events.onWorkload?.(at, workloads.length, workload[0], at === 0 ? undefined : (spent / at) * (workloads.length - at));
      const { rows, short } = await timeWorkload(workload, context);
      timings.push(...rows);
      // after an out-of-memory, time the largest length that fits, asked for or not
      const next = short && isShortest(workload, workloads) ? shorter(library, options.sweep, workload) : undefined;
      if (next) workloads.splice(at + 1, 0, next);
    }
    return {
      format: 1,
      suite: version,
      spec: versionsOf(library),
      seed: options.sweep.seed,
      started,
      machine: machineOf(),
      baseline: options.baseline ?? null,
      adapters: adapters.map(({ result: { id, title, version: own, environment, unavailable } }) => ({
        id,
        title,
        version: own,
        environment,
        software: onSoftware(environment),
        ...(unavailable && { unavailable }),
      })),
      timings,
      complete: true,
    };
  } finally {
    await Promise.all([judges.close(), hosts.stop()]);
  }
}

interface Context {
  readonly library: SpecLibrary;
  readonly options: BenchOptions;
  readonly adapters: readonly StartedAdapter[];
  readonly hosts: Hosts;
  readonly judges: Judges;
  readonly forecast: Forecast;
  left(): number;
  random(): number;
}

function isShortest([problem]: Workload, workloads: readonly Workload[]): boolean {
  const sameBut = ({ pass, case: { mask, dtype } }: BenchProblem) => JSON.stringify([pass, (mask as { name?: string }).name, dtype]);
  return !workloads.some(([other]) => other.case.dims.n < problem.case.dims.n && sameBut(other) === sameBut(problem));
}

function inClaimedDtype(problem: BenchProblem, claims: Claims | undefined, { otherwise }: Sweep): BenchProblem {
  const dtypes = claims?.capabilities.dtypes ?? [];
  if (otherwise === undefined || dtypes.includes(problem.case.dtype) || !dtypes.includes(otherwise)) return problem;
  return { ...problem, case: { ...problem.case, dtype: otherwise } };
}

async function timeWorkload(
  workload: Workload,
  { library, options, adapters, hosts, judges, forecast, left, random }: Context,
): Promise<{ rows: Timing[]; short: boolean }> {
  const begun = performance.now();
  const limits = { call: options.timeout * 1000, first: options.startTimeout * 1000 };
  const rows: { timing: Timing; candidate?: Candidate }[] = [];
  const flops = workload.map((problem) => flopsOf(library, problem.case, problem.pass));
  for (const { result, claims } of adapters) {
    for (const [slot, asked] of workload.entries()) {
      const problem = inClaimedDtype(asked, claims, options.sweep);
      const base = {
        adapter: result.id,
        case: problem.case,
        pass: problem.pass,
        ...(problem.swept && { swept: problem.swept }),
        flops: flops[slot],
        warnings: [],
      };
      const { unavailable } = result;
      const skipped = unavailable
        ? undefined
        : forecast.whySkipped(result.id, problem, flops[slot], { call: limits.call, left: left(), budget: options.total });
      const unclaimed = !skipped && claims ? whyUnclaimed(claims, problem) : undefined;
      const host = unavailable || skipped || unclaimed !== undefined ? undefined : await hosts.of(result.id);
      if (unavailable) rows.push({ timing: { ...base, verdict: 'unavailable', reason: unavailableText(unavailable) } });
      else if (skipped) rows.push({ timing: { ...base, ...skipped } });
      else if (unclaimed !== undefined) rows.push({ timing: { ...base, verdict: 'unsupported', reason: unclaimed } });
      else if (!host) rows.push({ timing: { ...base, verdict: 'failed', reason: 'it did not start again' } });
      else rows.push({ timing: { ...base, verdict: 'timed' }, candidate: new Candidate(result.id, problem, host, slot, judges, limits) });
    }
  }
  const racing = rows.flatMap(({ candidate }) => candidate ?? []);
  const named = (c: Candidate) => c.adapter === options.baseline || c.problem.case.parallel?.scheme === options.baseline;
  const baseline = racing.findIndex(named);
  const measured = await measure(racing, baseline < 0 ? undefined : baseline, options.budget, random);
  // some share a host, which answers one at a time
  for (const candidate of racing) await candidate.release();
  const all = performance.now() - begun;
  const timings = rows.map(({ timing, candidate }): Timing => {
    if (!candidate) return timing;
    const { adapter, problem, lacks } = candidate;
    const found = measured[racing.indexOf(candidate)];
    const other =
      problem.case.dtype === workload[0].case.dtype ? [] : [`${workload[0].case.dtype} is not claimed: timed in ${problem.case.dtype}`];
    forecast.note(adapter, problem, { flops: timing.flops, ...found }, all);
    if (lacks) forecast.stop(adapter, problem, lacks);
    return { ...timing, ...found, warnings: [...other, ...found.warnings] };
  });
  return { rows: timings, short: racing.some(({ lacks }) => lacks === 'memory') };
}

function checkBaseline({ baseline, sweep }: BenchOptions, adapters: readonly StartedAdapter[]): void {
  if (baseline === undefined) return;
  const known = [...adapters.map(({ result }) => result.id), ...sweep.schemes];
  if (!known.includes(baseline)) throw new UsageError(`--baseline ${baseline}: not timed in this run; timed are ${known.join(', ')}`);
}

class Hosts {
  private readonly open = new Map<string, Host>();

  constructor(
    private readonly adapters: readonly StartedAdapter[],
    private readonly settings: Omit<HostSettings, 'source'>,
  ) {
    for (const { result, host } of adapters) if (host) this.open.set(result.id, host);
  }

  async of(id: string): Promise<Host | undefined> {
    const host = this.open.get(id);
    if (host && !host.hasEnded) return host;
    const { source } = this.adapters.find(({ result }) => result.id === id) as StartedAdapter;
    const start = await Host.start({ ...this.settings, source });
    if (start.state !== 'open') return undefined;
    this.open.set(id, start.host);
    return start.host;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.open.values()].map((host) => host.stop()));
  }
}
