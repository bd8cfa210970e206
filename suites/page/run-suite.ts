import { Unavailable } from '../../adapters/kernel.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary, versionsOf } from '../../spec/library.js';
import type { AdapterResult, CheckResult, Result } from '../../spec/types/documents.js';
import type { Check } from '../contract/check.js';
import type { Property } from '../contract/property.js';
import { version } from '../lib/version.js';
import { matchedChecks, planChecks, planHash, unclaimedChecks } from '../plan/plan.js';
import { profilesNamed } from '../plan/profile-checks.js';
import { propertyNamed } from '../properties/index.js';
import type { Declaration, FailureTensorFiles, Judged, JudgeReply, JudgeTask } from '../runner/judge/judge-protocol.js';
import { dialectTable } from '../runner/record/dialect-table.js';
import { resultDocument } from '../runner/record/result-document.js';
import { notRestarted, suiteError, withoutCases } from '../runner/record/without-cases.js';
import { Stopped } from '../runner/run/case-loop.js';
import { CaseRunner } from '../runner/run/case-runner.js';
import type { CheckContext } from '../runner/run/check-context.js';
import { CheckQueue } from '../runner/run/check-queue.js';
import { runCheck } from '../runner/run/run-check.js';
import { type Judging, NotRestarted } from '../runner/run/supervisor.js';
import { capabilitiesOf, type Implementation } from './implementation.js';
import type { PageWorker, StartWorker } from './page-worker.js';
import { WorkerHost } from './worker-host.js';
import { type Patience, WorkerSupervisor } from './worker-supervisor.js';

/** Judge in a worker; replies keep the order of tasks. */
class WorkerJudge implements Judging {
  private readonly waiting: ((reply: JudgeReply) => void)[] = [];
  private readonly worker: PageWorker;
  private dead: string | undefined;

  constructor(start: StartWorker) {
    this.worker = start('judge-worker.js');
    this.worker.onmessage = ({ data }: { readonly data: JudgeReply }) => this.waiting.shift()?.(data);
    this.worker.onerror = ({ message = 'it ended' }) => {
      this.dead = `the judge died: ${message}`;
      for (const resolve of this.waiting.splice(0)) resolve({ error: this.dead });
    };
  }

  register(adapter: string, claims: Declaration): void {
    this.worker.postMessage({ type: 'claims', adapter, claims } satisfies JudgeTask);
  }

  async judge(work: Parameters<Judging['judge']>[0]): Promise<Judged> {
    return (await this.ask(
      { type: 'judge', ...work },
      work.data.filter((data) => typeof data !== 'number'),
    )) as Judged;
  }

  async failureTensors(work: Parameters<Judging['failureTensors']>[0]): Promise<FailureTensorFiles> {
    return (await this.ask({ type: 'failure-tensors', ...work }, [])) as FailureTensorFiles;
  }

  private async ask(task: JudgeTask, transfer: ArrayBuffer[]): Promise<Judged | FailureTensorFiles> {
    if (this.dead !== undefined) throw new Error(this.dead);
    const reply = await new Promise<JudgeReply>((resolve) => {
      this.waiting.push(resolve);
      this.worker.postMessage(task, transfer);
    });
    if ('error' in reply) throw new Error(reply.error);
    return reply.ok;
  }

  close(): void {
    this.worker.terminate();
  }
}

export interface SuiteOptions extends Patience {
  readonly implementation: Implementation;
  readonly profiles: readonly string[];
  /** Globs over check ids; empty: all. */
  readonly filter: readonly string[];
  readonly runs: number;
  readonly seed: number;
  /** Stops the run; the result marks the rest as not run. */
  readonly signal: AbortSignal;
  readonly startWorker: StartWorker;
}

export interface SuiteEvents {
  onPlan(checks: readonly Check[], adapter: AdapterResult): void;
  onBegin(check: Check): void;
  onCases(cases: number): void;
  onCheck(check: Check, result: CheckResult): void;
}

/**
 * Judges one kernel like `attn-cts run`, with workers for processes and threads.
 * @throws {Unavailable} without a fitting GPU. @throws {UsageError} if a filter has no match.
 */
export async function runSuite(options: SuiteOptions, events: SuiteEvents): Promise<Result> {
  const { implementation, startTimeout, startWorker } = options;
  const started = new Date().toISOString();
  const library = createLibrary();
  const start = () => WorkerHost.start(implementation, startTimeout, startWorker);
  const first = await start();
  if (first.state !== 'open') throw new Unavailable(first.reason, first.remedy);
  const supervisor = new WorkerSupervisor(first.host, start, options);
  const judge = new WorkerJudge(startWorker);
  const close = () => supervisor.close();
  options.signal.addEventListener('abort', close);
  try {
    const declared = capabilitiesOf(implementation, first.f16);
    judge.register(implementation.id, { capabilities: declared, dialect: {} });
    const claims = Claims.of(library, resolveCapabilities(declared, implementation.id), implementation.id);
    const profiles = profilesNamed(library, options.profiles);
    const plan = (filter: readonly string[]) => planChecks(profiles, { id: implementation.id, claims }, { runs: options.runs, filter });
    const checks = matchedChecks(options.filter, plan);
    const unclaimed = options.filter.length === 0 ? unclaimedChecks(profiles, { id: implementation.id, claims }) : {};
    const adapter: AdapterResult = {
      id: implementation.id,
      title: implementation.title,
      version: null,
      environment: { ...first.environment },
      capabilities: declared,
      ...(Object.keys(unclaimed).length > 0 && { unclaimed }),
      dialect: dialectTable(declared.dialect ?? {}, {}),
    };
    events.onPlan(checks, adapter);
    const results = await runChecks(checks, { claims, supervisor, judge }, options, events);
    const rest = { suite: version, spec: versionsOf(library), claims: declared };
    const hash = await planHash(checks, options.seed, rest);
    const { seed, runs } = options;
    const summary = { hash, runs, shard: null };
    return resultDocument({ library, profiles, seed, plan: summary, started, adapters: [adapter], checks, results });
  } finally {
    options.signal.removeEventListener('abort', close);
    supervisor.close();
    judge.close();
  }
}

interface Machinery {
  readonly claims: Claims;
  readonly supervisor: WorkerSupervisor;
  readonly judge: WorkerJudge;
}

async function runChecks(
  checks: readonly Check[],
  { claims, supervisor, judge }: Machinery,
  { seed, signal }: SuiteOptions,
  events: SuiteEvents,
): Promise<CheckResult[]> {
  const results = new Map<Check, CheckResult>();
  const record = (check: Check, result: CheckResult) => {
    results.set(check, result);
    events.onCheck(check, result);
  };
  for (const check of checks) if (check.unsupported !== undefined) record(check, withoutCases(check, 'unsupported', check.unsupported));
  const stop = () => (signal.aborted ? 'the run was stopped' : undefined);
  const context: CheckContext = {
    seed,
    stop,
    onCases: (_, cases) => events.onCases(cases),
    // the result alone reproduces a failure: a page keeps no files
    failures: { write: async () => undefined },
  };
  const open = checks.filter((check) => check.unsupported === undefined);
  const queue = new CheckQueue(open, () => undefined, undefined, stop);
  for (let check = await queue.take(undefined); check; check = await queue.take(undefined)) {
    events.onBegin(check);
    let result: CheckResult | undefined;
    try {
      const property = propertyNamed(check.property) as Property;
      result = await runCheck(check, new CaseRunner(check.adapter, property, claims, supervisor, judge), context);
    } catch (error) {
      if (error instanceof Stopped || signal.aborted) result = undefined;
      else if (error instanceof NotRestarted) {
        result = notRestarted(check, error);
        queue.giveUp(check.adapter, error.message);
      } else result = suiteError(check, error);
    }
    // an interrupted check has no verdict
    if (signal.aborted) queue.notRun.push({ check, reason: 'the run was stopped' });
    else if (result) record(check, result);
    if (result) queue.count(check, result);
    queue.release(check);
  }
  for (const { check, reason } of queue.notRun) record(check, withoutCases(check, 'not-run', reason));
  return checks.map((check) => results.get(check) as CheckResult);
}
