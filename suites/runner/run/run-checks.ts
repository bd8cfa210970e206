import type { Claims } from '../../../spec/claims/claims.js';
import { isSystemError } from '../../../spec/lib/system-error.js';
import { unavailableText } from '../../../spec/lib/unavailable.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Case, CheckResult } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { Property } from '../../contract/property.js';
import { isUnexpected } from '../../lib/exit-code.js';
import { UsageError } from '../../lib/usage-error.js';
import type { CorpusEntry } from '../../plan/corpus/read-corpus.js';
import { propertyNamed } from '../../properties/index.js';
import type { Host, HostSettings } from '../host/host.js';
import type { Judges } from '../judge/judge.js';
import type { FailureWriter } from '../record/failure-folder.js';
import type { Journal } from '../record/journal.js';
import { notRestarted, suiteError, withoutCases } from '../record/without-cases.js';
import { HuntTime } from '../search/hunt-time.js';
import { KnownFailures } from '../search/known-failures.js';
import { AdapterEnds } from './adapter-ends.js';
import { Stopped } from './case-loop.js';
import { CheckQueue } from './check-queue.js';
import { CheckWorker } from './check-worker.js';
import { EndedAdapters } from './ended-adapters.js';
import type { RunEvents, RunOptions } from './options.js';
import { runCheck } from './run-check.js';
import type { StartedAdapter } from './start-adapters.js';
import { NotRestarted } from './supervisor.js';

const INTERRUPTED = 'the run was interrupted; --resume goes on from here';

export interface RunContext {
  readonly options: Omit<RunOptions, 'seed'>;
  readonly seed: number;
  readonly events: RunEvents;
  readonly library: SpecLibrary;
  readonly adapters: readonly StartedAdapter[];
  readonly judges: Judges;
  readonly journal: Journal;
  readonly known: ReadonlyMap<string, CheckResult>;
  readonly failures: FailureWriter;
  readonly settings: Omit<HostSettings, 'source'>;
  readonly jobs: number;
  /** Time on the clock of performance.now(). */
  readonly deadline?: number;
}

/** Returns every result, in the order of the plan. After an abort, checks are no longer run. */
export async function runChecks(checks: readonly Check[], context: RunContext): Promise<CheckResult[]> {
  const { options, events, adapters, known } = context;
  const { signal } = options;
  const results = new Map<Check, CheckResult>();
  const ended = new EndedAdapters(checks, (...end) => void (signal?.aborted || events.onAdapterEnd?.(...end)));
  const settled = new Map(checks.flatMap((check) => mapEntry(check, settledByPlan(check, adapters))));
  const total = checks.length - settled.size;
  let [done, failed, judgedCases] = [0, 0, 0];
  const progress = ({ adapter, id }: Check) => events.onProgress?.({ done, total, failed, adapter, check: id, cases: judgedCases });
  const record = (check: Check, result: CheckResult) => {
    results.set(check, result);
    if (!settled.has(check)) done++;
    if (isUnexpected(result)) failed++;
    events.onCheck?.(result);
    ended.count(result, !settled.has(check));
    progress(check);
  };
  const open: Check[] = [];
  for (const check of checks) {
    const result = known.get(`${check.adapter}::${check.id}`) ?? settled.get(check);
    if (result) record(check, result);
    else open.push(check);
  }

  const refused: unknown[] = [];
  const stop = () => {
    if (refused.length > 0) return 'the run could not go on';
    if (signal?.aborted) return INTERRUPTED;
    return context.deadline !== undefined && performance.now() > context.deadline
      ? `the time limit of ${options.timeLimit} s was reached`
      : undefined;
  };
  const queue = new CheckQueue(open, (id) => claimsOf(adapters, id).capabilities.device, options.bail, stop);
  const saved = casesByCheck(options.corpus ?? []);
  const hunted = open.filter((check) => propertyNamed(check.property)?.bounded).length;
  const hunt = options.hunt === undefined ? undefined : new HuntTime(options.hunt, hunted, context.jobs);
  const shared = {
    seed: context.seed,
    failures: context.failures,
    known: new KnownFailures(),
    ...(options.expectations && { expectations: options.expectations }),
    ...(hunt && { hunt }),
    savedCases: (id: string) => saved.get(id) ?? [],
    stop,
    onCases: (check: Check, cases: number) => {
      judgedCases += cases;
      progress(check);
    },
  };
  const hosts = new Map<string, Host>(adapters.flatMap(({ result, host }) => (host && !host.hasEnded ? [[result.id, host]] : [])));
  const ends = new AdapterEnds(open);
  const finish = (check: Check, result: CheckResult) => {
    context.journal.finish(result);
    record(check, result);
    queue.count(check, result);
  };
  const work = async (worker: CheckWorker) => {
    for (let check = await queue.take(worker.adapter); check; check = await queue.take(worker.adapter)) {
      if (worker.adapter !== check.adapter) await ends.leave(worker);
      context.journal.begin(check.adapter, check.id);
      const { source } = adapters.find((a) => a.result.id === check?.adapter) as StartedAdapter;
      let result: CheckResult | undefined;
      try {
        const adapter = { id: check.adapter, source, claims: claimsOf(adapters, check.adapter) };
        const runner = worker.runnerFor(adapter, propertyNamed(check.property) as Property);
        result = await runCheck(check, runner, shared);
      } catch (error) {
        if (signal?.aborted) break;
        if (error instanceof UsageError || isSystemError(error)) throw error;
        if (error instanceof Stopped) queue.notRun.push({ check, reason: error.message });
        else if (error instanceof NotRestarted) {
          // not in the journal: a resumed run tries again
          const never = notRestarted(check, error);
          record(check, never);
          queue.count(check, never);
          queue.giveUp(check.adapter, error.message);
        } else result = suiteError(check, error);
      }
      if (queue.isEmpty(check.adapter)) await ends.leave(worker);
      if (signal?.aborted) break;
      if (result && !ends.hold(check, result)) finish(check, result);
      queue.release(check);
      const held = queue.isOver(check.adapter) ? ends.take(check.adapter) : undefined;
      if (held) finish(held.check, held.result);
    }
  };
  const workers = Array.from(
    { length: Math.min(context.jobs, open.length) },
    () => new CheckWorker(context.settings, context.judges, hosts),
  );
  const kill = () => void Promise.all(workers.map((worker) => worker.kill()));
  const guarded = (worker: CheckWorker) =>
    work(worker).catch((error: unknown) => {
      refused.push(error);
      queue.wake();
      kill();
    });
  signal?.addEventListener('abort', kill);
  try {
    await Promise.all(workers.map(guarded));
  } finally {
    signal?.removeEventListener('abort', kill);
    await Promise.all(workers.map((worker) => worker.leave()));
  }
  if (refused.length > 0 && !signal?.aborted) throw refused[0];
  for (const { check, reason } of queue.notRun) record(check, withoutCases(check, 'not-run', reason));
  // checks that were running when the signal came
  for (const check of checks) if (!results.has(check)) record(check, withoutCases(check, 'not-run', INTERRUPTED));
  return checks.map((check) => results.get(check) as CheckResult);
}

function mapEntry<K, V>(key: K, value: V | undefined): [K, V][] {
  return value === undefined ? [] : [[key, value]];
}

function casesByCheck(corpus: readonly CorpusEntry[]): Map<string, Case[]> {
  const byCheck = new Map<string, Case[]>();
  for (const { failure } of corpus) byCheck.set(failure.check, [...(byCheck.get(failure.check) ?? []), failure.case]);
  return byCheck;
}

function settledByPlan(check: Check, adapters: readonly StartedAdapter[]): CheckResult | undefined {
  if (check.unsupported !== undefined) return withoutCases(check, 'unsupported', check.unsupported);
  const { unavailable } = (adapters.find((a) => a.result.id === check.adapter) as StartedAdapter).result;
  return unavailable && withoutCases(check, 'unavailable', unavailableText(unavailable));
}

function claimsOf(adapters: readonly StartedAdapter[], id: string): Claims {
  return adapters.find((a) => a.result.id === id)?.claims as Claims;
}
