import type { Arbitrary, Value } from 'fast-check';
import type { Case } from '../../spec/types/documents.js';
import type { CalledCase, CaseRunner } from './case-runner.js';
import { claimedCalls } from './case-stream.js';
import { type Failed, type Outcome, sameFailure } from './outcome.js';

/** What a search for a smaller case may cost. */
export interface ShrinkBudget {
  readonly candidates: number;
  readonly milliseconds: number;
  /** Processes started anew, for failures that kill them. */
  readonly restarts: number;
}

export const defaultBudget: ShrinkBudget = { candidates: 1000, milliseconds: 20_000, restarts: 50 };

export interface Shrunk {
  readonly value: Value<Case>;
  readonly failed: Failed;
  /** Every case adopted on the way, from the first to the smallest. */
  readonly adopted: readonly Case[];
}

/** Candidates tried together: few after a step, more while none of them fails. */
const batches = [4, 8, 16, 32];

/**
 * The smallest case found that still fails in the same way. A bug does not shrink into another: verdict and class must be kept.
 * @param keeps a further condition on the smaller case's failure. @param stop ends the search early.
 */
export async function shrink(
  arbitrary: Arbitrary<Case>,
  runner: CaseRunner,
  from: { readonly value: Value<Case>; readonly failed: Failed },
  keeps: (c: Case, failed: Failed) => boolean,
  stop: () => boolean,
  budget: ShrinkBudget = defaultBudget,
): Promise<Shrunk> {
  let { value, failed } = from;
  const adopted = [value.value];
  let spent = 0;
  const started = performance.now();
  const restarts = runner.slot.restarts;
  const exhausted = () =>
    spent >= budget.candidates ||
    performance.now() - started > budget.milliseconds ||
    runner.slot.restarts - restarts >= budget.restarts ||
    stop();
  search: for (;;) {
    const candidates = claimedCandidates(arbitrary, runner, value);
    for (let round = 0; ; round++) {
      if (exhausted()) break search;
      const batch = take(candidates, Math.min(batches[Math.min(round, batches.length - 1)], budget.candidates - spent));
      if (batch.length === 0) break search;
      spent += batch.length;
      const found = await firstSame(runner, batch, failed, keeps);
      if (found === 'timeout') break search;
      if (found) {
        value = found.candidate.value;
        failed = found.failed;
        adopted.push(value.value);
        continue search;
      }
    }
  }
  return { value, failed, adopted };
}

interface Candidate extends CalledCase {
  readonly value: Value<Case>;
}

function* claimedCandidates(arbitrary: Arbitrary<Case>, runner: CaseRunner, value: Value<Case>): Generator<Candidate> {
  for (const candidate of arbitrary.shrink(value.value, value.context)) {
    const calls = claimedCalls(runner.property, candidate.value, runner.capabilities);
    if (calls) yield { value: candidate, case: candidate.value, calls };
  }
}

function take<T>(from: Iterator<T>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const next = from.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

/** The first candidate, in order, that fails in the same way. A crash ends only the case it happened in; a timeout ends the search. */
async function firstSame(
  runner: CaseRunner,
  batch: readonly Candidate[],
  failed: Failed,
  keeps: (c: Case, failed: Failed) => boolean,
): Promise<{ candidate: Candidate; failed: Failed } | 'timeout' | undefined> {
  for (let at = 0; at < batch.length; ) {
    const outcomes: Outcome[] = await runner.run(batch.slice(at));
    for (const [i, outcome] of outcomes.entries()) {
      const candidate = batch[at + i];
      if (sameFailure(failed, outcome) && keeps(candidate.case, outcome)) return { candidate, failed: outcome };
      if (outcome.status === 'failed' && outcome.verdict === 'timeout') return 'timeout';
    }
    at += outcomes.length;
  }
  return undefined;
}
