import { randomInt } from 'node:crypto';
import { checkSource } from '../../adapters/load.js';
import type { LoadOptions } from '../../adapters/load-options.js';
import { createLibrary, type SpecDocument, type SpecLibrary, versionsOf } from '../../spec/library.js';
import type { AdapterResult, Bench, Timing } from '../../spec/types/documents.js';
import { Host, type HostSettings } from '../runner/host/host.js';
import { Judges } from '../runner/judge/judge.js';
import { type StartedAdapter, startAdapters } from '../runner/run/start-adapters.js';
import { UsageError } from '../usage-error.js';
import { version } from '../version.js';
import { Candidate } from './candidate.js';
import { flopsOf } from './flops.js';
import { machineOf, onSoftware } from './machine.js';
import { measure, type TimeBudget } from './measure.js';
import { type BenchProblem, type Sweep, type Workload, workloadsOf } from './problems.js';
import { whyUnclaimed } from './unclaimed.js';

export interface BenchOptions {
  /** As `--adapter` names them. */
  readonly adapters: readonly string[];
  /** Id of an adapter, or a scheme. */
  readonly baseline?: string;
  readonly sweep: Sweep;
  readonly budget: TimeBudget;
  readonly documents: readonly SpecDocument[];
  /** Seconds. */
  readonly timeout: number;
  readonly startTimeout: number;
  readonly load?: LoadOptions;
}

export interface BenchEvents {
  onAdapter?(adapter: AdapterResult): void;
  /** @param left seconds, as what was done took. */
  onWorkload?(done: number, total: number, problem: BenchProblem, left: number | undefined): void;
}

/** Times adapters, each in its process, one call at a time. @throws {UsageError | DocumentError | UnknownAdapter} before anything is timed. */
export async function bench(options: BenchOptions, events: BenchEvents = {}): Promise<Bench> {
  const library = createLibrary(options.documents);
  for (const source of options.adapters) checkSource(source);
  const workloads = workloadsOf(library, options.sweep);
  const started = new Date().toISOString();
  const { timeout, startTimeout, load = {}, documents } = options;
  const settings = { documents, dialect: {}, timeout: timeout * 1000, startTimeout: startTimeout * 1000, load };
  const adapters = await startAdapters(options.adapters, library, settings, 1);
  const judges = new Judges(1, documents);
  const hosts = new Hosts(adapters, settings);
  try {
    for (const { result, declared } of adapters) {
      events.onAdapter?.(result);
      if (declared) judges.register(result.id, { capabilities: declared, dialect: {} });
    }
    checkBaseline(options, adapters);
    const context = { library, options, adapters, hosts, judges, random: () => randomInt(2 ** 32) / 2 ** 32 };
    const timings: Timing[] = [];
    const begun = performance.now();
    for (const [at, workload] of workloads.entries()) {
      const spent = (performance.now() - begun) / 1000;
      events.onWorkload?.(at, workloads.length, workload[0], at === 0 ? undefined : (spent / at) * (workloads.length - at));
      timings.push(...(await timeWorkload(workload, context)));
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
  random(): number;
}

async function timeWorkload(workload: Workload, { library, options, adapters, hosts, judges, random }: Context): Promise<Timing[]> {
  const limits = { call: options.timeout * 1000, first: options.startTimeout * 1000 };
  const rows: { timing: Timing; candidate?: Candidate }[] = [];
  const flops = workload.map((problem) => flopsOf(library, problem.case, problem.pass));
  for (const { result, claims } of adapters) {
    for (const [slot, problem] of workload.entries()) {
      const base = {
        adapter: result.id,
        case: problem.case,
        pass: problem.pass,
        flops: flops[slot],
        warnings: [],
      };
      const { unavailable } = result;
      const unclaimed = claims && whyUnclaimed(claims, problem);
      const host = unavailable || unclaimed !== undefined ? undefined : await hosts.of(result.id);
      if (unavailable)
        rows.push({ timing: { ...base, verdict: 'unavailable', reason: `${unavailable.reason}; remedy: ${unavailable.remedy}` } });
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
  return rows.map(({ timing, candidate }) => (candidate ? { ...timing, ...measured[racing.indexOf(candidate)] } : timing));
}

function checkBaseline({ baseline, sweep }: BenchOptions, adapters: readonly StartedAdapter[]): void {
  if (baseline === undefined) return;
  const known = [...adapters.map(({ result }) => result.id), ...sweep.schemes];
  if (!known.includes(baseline)) throw new UsageError(`--baseline ${baseline}: it is not among what is timed: ${known.join(', ')}`);
}

/** The process of each adapter, started anew where it has ended. */
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
