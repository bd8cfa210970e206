import type { Arbitrary, Value } from 'fast-check';
import { elementsOf, isCheckedByHand } from '../../../generators/by-hand.js';
import { overBound } from '../../../spec/numeric/over-bound.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CalledCase, CaseRunner } from '../run/case-runner.js';
import { claimedCalls } from '../run/case-stream.js';
import { type Failed, type Outcome, sameFailure } from '../run/outcome.js';

/** What a search for a smaller case may cost. */
export interface ShrinkBudget {
  readonly candidates: number;
  /** Milliseconds of calls and judgements, and of processes that are started anew: jobs that start, and calls that compile, come on top. */
  readonly milliseconds: number;
  /** Milliseconds of calls that start a job or compile something. */
  readonly starting: number;
  /** Processes started anew, for failures that kill them. */
  readonly restarts: number;
}

export const defaultBudget: ShrinkBudget = { candidates: 1000, milliseconds: 20_000, starting: 120_000, restarts: 50 };

/** For a crash or a refusal like one that was made small in another check: the sizes that come first may do, each costs another process. */
export const briefBudget: ShrinkBudget = { ...defaultBudget, candidates: 8, restarts: 4 };

/** Error ÷ bound from which a failure does not read as noise. */
const CLEAR = 2;

/** Case and failure. */
export interface FailedCase {
  readonly value: Value<Case>;
  readonly failed: Failed;
}

export interface Shrunk extends FailedCase {
  /** Every case adopted on the way, from the first to the smallest. */
  readonly adopted: readonly Case[];
}

export interface ShrinkOptions {
  /** A further condition on the smaller case's failure. */
  keeps?(c: Case, failed: Failed): boolean;
  /** Ends the search early. */
  stop?(): boolean;
  /** Cases to try before all else: adopted where they are smaller and fail in the same way. */
  readonly first?: readonly Value<Case>[];
  readonly budget?: ShrinkBudget;
}

/** Candidates tried together: few after a step, more while none of them fails. */
const batches = [4, 8, 16, 32];

/**
 * The smallest case found that still fails in the same way. A bug does not shrink into another: verdict and class must be kept. Nor does it
 * shrink into noise: once a case is off by two bounds, the smaller ones are too, unless only one that is less far off can be checked by hand.
 */
export async function shrink(
  arbitrary: Arbitrary<Case>,
  runner: CaseRunner,
  from: FailedCase,
  options: ShrinkOptions = {},
): Promise<Shrunk> {
  const search = new Search(arbitrary, runner, options);
  const clear = await search.descend(from, true, options.first ?? []);
  if (isCheckedByHand(clear.value.value.dims) || !search.refused) return clear;
  const faint = await search.descend(clear, false, []);
  return isCheckedByHand(faint.value.value.dims) ? { ...faint, adopted: [...clear.adopted, ...faint.adopted.slice(1)] } : clear;
}

/** Tells whether a failure is off by two bounds and more, or is none of accuracy. */
function isClear(failed: Failed): boolean {
  return (overBound(failed) ?? Infinity) >= CLEAR;
}

class Search {
  /** A smaller case was not taken, for it was off by less than two bounds. */
  refused = false;
  private spent = 0;
  private timedOut = false;
  private readonly started = performance.now();
  private readonly restarts: number;
  private readonly starting: number;
  private readonly budget: ShrinkBudget;

  constructor(
    private readonly arbitrary: Arbitrary<Case>,
    private readonly runner: CaseRunner,
    private readonly options: ShrinkOptions,
  ) {
    this.budget = options.budget ?? defaultBudget;
    this.restarts = runner.supervisor.restarts;
    this.starting = runner.supervisor.starting;
  }

  /** @param clearly what is off by two bounds shrinks to nothing less. @param first cases to try before those that the first one shrinks to. */
  async descend(from: FailedCase, clearly: boolean, first: readonly Value<Case>[]): Promise<Shrunk> {
    let { value, failed } = from;
    const adopted = [value.value];
    const smaller = first.filter((other) => elementsOf(other.value.dims) < elementsOf(value.value.dims));
    let candidates = claimedOf(this.runner, smaller);
    let tried = smaller.length === 0;
    search: for (;;) {
      if (tried) candidates = claimedOf(this.runner, this.arbitrary.shrink(value.value, value.context));
      for (let round = 0; ; round++) {
        if (this.exhausted()) break search;
        const size = Math.min(batches[Math.min(round, batches.length - 1)], this.budget.candidates - this.spent);
        const batch = take(candidates, size);
        if (batch.length === 0 && tried) break search;
        this.spent += batch.length;
        const found = await this.firstSame(batch, failed, clearly && isClear(failed));
        if (found === 'timeout') {
          this.timedOut = true;
          break search;
        }
        if (found) {
          value = found.value;
          failed = found.failed;
          adopted.push(value.value);
        }
        if (!found && batch.length > 0) continue;
        tried = true;
        continue search;
      }
    }
    return { value, failed, adopted };
  }

  private exhausted(): boolean {
    const { candidates, milliseconds, starting, restarts } = this.budget;
    const { supervisor } = this.runner;
    const inStarts = supervisor.starting - this.starting;
    return (
      this.timedOut ||
      this.spent >= candidates ||
      performance.now() - this.started - inStarts > milliseconds ||
      inStarts > starting ||
      supervisor.restarts - this.restarts >= restarts ||
      this.options.stop?.() === true
    );
  }

  /**
   * The first candidate, in order, that fails in the same way; of those of one batch, the first that is off by two bounds. A crash ends only the
   * case it happened in; a timeout ends the search.
   */
  private async firstSame(batch: readonly Candidate[], failed: Failed, clearly: boolean): Promise<FailedCase | 'timeout' | undefined> {
    let faint: FailedCase | undefined;
    for (let at = 0; at < batch.length; ) {
      const outcomes: Outcome[] = await this.runner.run(batch.slice(at));
      for (const [i, outcome] of outcomes.entries()) {
        const { value } = batch[at + i];
        if (sameFailure(failed, outcome) && (this.options.keeps?.(value.value, outcome) ?? true)) {
          if (isClear(outcome)) return { value, failed: outcome };
          faint ??= { value, failed: outcome };
        }
        if (outcome.status === 'failed' && outcome.verdict === 'timeout') return 'timeout';
      }
      at += outcomes.length;
    }
    if (!clearly) return faint;
    this.refused ||= faint !== undefined;
    return undefined;
  }
}

interface Candidate extends CalledCase {
  readonly value: Value<Case>;
}

function* claimedOf(runner: CaseRunner, values: Iterable<Value<Case>>): Generator<Candidate> {
  for (const value of values) {
    const calls = claimedCalls(runner.property, value.value, runner.claims);
    if (calls) yield { value, case: value.value, calls };
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
