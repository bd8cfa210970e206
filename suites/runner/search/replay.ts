import { availableParallelism } from 'node:os';
import type { LoadOptions } from '../../../adapters/load-options.js';
import { unavailableText } from '../../../spec/lib/unavailable.js';
import { createLibrary, type SpecDocument } from '../../../spec/library.js';
import type { Case, FailingCall, Failure, FailureTensors, Verdict, WorstCase } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../contract/property.js';
import { UsageError } from '../../lib/usage-error.js';
import { keptData } from '../host/answer-data.js';
import { Host } from '../host/host.js';
import { HostSupervisor } from '../host/host-supervisor.js';
import type { LoadedAdapter } from '../host/wire.js';
import { Judges } from '../judge/judge.js';
import { CaseRunner } from '../run/case-runner.js';
import type { Failed } from '../run/outcome.js';
import { callOf } from './examine.js';
import { callsOfFailure } from './failure-calls.js';

export interface ReplayOptions {
  readonly document: string;
  readonly documents: readonly SpecDocument[];
  /** Seconds per call. */
  readonly timeout: number;
  readonly startTimeout: number;
  readonly load?: LoadOptions;
  /** Most threads or processes for ranks; default: the number of cores. */
  readonly ranks?: number;
}

/** Result of replaying a case. */
export interface Replay {
  readonly verdict: Verdict;
  readonly class?: string;
  readonly reason?: string;
  readonly failure?: Failed;
  readonly call?: FailingCall;
  /** Inputs, expected values and answer of the call. */
  readonly tensors?: FailureTensors;
  /** Worst case in the document, if the failure is the same. */
  readonly worst?: WorstCase;
  /** Passing sizes in the document, if the failure is the same. */
  readonly passesWith?: Failure['passesWith'];
  readonly adapter?: LoadedAdapter;
  /** True if verdict and class match the document. */
  readonly same: boolean;
}

/**
 * Replays a failure document once, by its capabilities.
 * @throws {DocumentError} for unknown names. @throws {UsageError} for too many ranks.
 */
export async function replayCase(source: string, failure: Failure, options: ReplayOptions): Promise<Replay> {
  const { capabilities: judgedBy } = failure.adapter;
  const found = callsOfFailure(failure, createLibrary(options.documents), options.document);
  if (typeof found === 'string') return conclude(failure, { verdict: 'unsupported', reason: found });
  const { property, claims, calls } = found;
  const settings = {
    source,
    documents: options.documents,
    dialect: {},
    judgedBy,
    timeout: options.timeout * 1000,
    startTimeout: options.startTimeout * 1000,
    load: options.load ?? {},
  };
  allowRanks(calls, options);
  const start = await Host.start(settings);
  const adapter = start.adapter && { adapter: start.adapter };
  if (start.state !== 'open') return conclude(failure, { verdict: 'unavailable', reason: unavailableText(start), ...adapter });
  const supervisor = new HostSupervisor(settings, claims.capabilities.compilesPer, start.host);
  const judges = new Judges(1, options.documents);
  try {
    judges.register(start.adapter.id, { capabilities: judgedBy, dialect: {} });
    const runner = new CaseRunner(start.adapter.id, property, claims, supervisor, judges);
    const answers = await runner.call([{ case: failure.case, calls }]);
    const [answer] = answers;
    const copy = answer.kind === 'reply' ? { ...answer, data: keptData(answer.data) } : undefined;
    const { outcomes } = await runner.judge([{ case: failure.case, calls }], answers, { diagnose: true });
    const [outcome] = outcomes;
    switch (outcome.status) {
      case 'failed':
        return conclude(failure, {
          verdict: outcome.verdict,
          ...(outcome.class !== undefined && { class: outcome.class }),
          reason: outcome.message,
          failure: outcome,
          ...(await shownOf(runner, failure.case, outcome, copy)),
          ...adapter,
        });
      case 'pass':
        return conclude(failure, { verdict: 'pass', ...adapter });
      case 'undecided':
        return conclude(failure, { verdict: 'error', class: 'vacuous', reason: outcome.reason, ...adapter });
      default:
        return conclude(failure, {
          verdict: outcome.status === 'unavailable' ? 'unavailable' : 'unsupported',
          reason: outcome.reason,
          ...adapter,
        });
    }
  } finally {
    await Promise.all([supervisor.stop(), judges.close()]);
  }
}

/** Limits ranks, as a document may be untrusted. @throws {UsageError} */
function allowRanks(calls: readonly CallSpec[], { document, ranks: allowed }: ReplayOptions): void {
  const elsewhere = calls.flatMap(({ case: { parallel } }) =>
    parallel && (parallel.transport ?? 'simulated') !== 'simulated' ? [parallel] : [],
  );
  const [most] = [...elsewhere].sort((a, b) => b.ranks - a.ranks);
  const cores = availableParallelism();
  if (!most || most.ranks <= (allowed ?? cores)) return;
  const what = most.transport === 'workers' ? 'thread' : 'process';
  const limit = allowed === undefined ? `and this machine has ${cores} ${cores === 1 ? 'core' : 'cores'}` : `and --ranks allows ${allowed}`;
  throw new UsageError(
    `${document}: its case needs ${most.ranks} ranks, each in its own ${what} (${most.transport}), ${limit}: add --ranks ${most.ranks} to start them`,
  );
}

async function shownOf(
  runner: CaseRunner,
  c: Case,
  failed: Failed,
  answer: Parameters<CaseRunner['failureTensors']>[1],
): Promise<Pick<Replay, 'call' | 'tensors'>> {
  const call = callOf(runner, c, failed);
  const files = await runner.failureTensors(c, answer, failed);
  return { ...(call && { call }), ...(files?.shown && { tensors: files.shown }) };
}

function conclude(failure: Failure, replay: Omit<Replay, 'same'>): Replay {
  const same = replay.verdict === failure.verdict && replay.class === failure.class;
  // the document's explanations rest on more cases than the saved one
  const { hint, explanations, entailed, unexplained, where, weights, worst, passesWith } = failure;
  if (!same || !replay.failure) return { ...replay, same };
  const said = { failure: { ...replay.failure, hint, explanations, entailed, unexplained, where, weights } };
  return { ...replay, ...said, ...(worst && { worst }), ...(passesWith && { passesWith }), same };
}
