import type { Arbitrary, Value } from 'fast-check';
import { overBound } from '../../../spec/numeric/over-bound.js';
import { elementsOf, isCheckedByHand } from '../../../spec/tensor/case-elements.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CalledCase, CaseRunner } from '../run/case-runner.js';
import { claimedCalls } from '../run/case-stream.js';
import { type Failed, type Outcome, sameFailure } from '../run/outcome.js';

/** Limits of a search for a smaller case. */
export interface ShrinkBudget {
  readonly candidates: number;
  /** Milliseconds of calls, judgements and restarted processes, without the calls that start a job or compile something. */
  readonly milliseconds: number;
  /** Milliseconds of calls that start a job or compile something. */
  readonly starting: number;
  /** Number of restarted processes, for failures that kill them. */
  readonly restarts: number;
}

export const defaultBudget: ShrinkBudget = { candidates: 1000, milliseconds: 20_000, starting: 120_000, restarts: 50 };

/**
 * Budget for a crash or a refusal like one that was shrunk in another check: the smallest sizes, which are tried first, may already fail,
 * and each candidate costs another process.
 */
export const briefBudget: ShrinkBudget = { ...defaultBudget, candidates: 8, restarts: 4 };

/** Budget for a wrong answer like several that were made as small as they can be: it is one more of these. */
export const usualBudget: ShrinkBudget = { ...defaultBudget, candidates: 250, milliseconds: 3000 };

/** Error ÷ bound from which a failure cannot be mistaken for noise. */
const CLEAR = 2;

/** Case and its failure. */
export interface FailedCase {
  readonly value: Value<Case>;
  readonly failed: Failed;
}

export interface Shrunk extends FailedCase {
  /** Every case adopted during the search, from the first to the smallest. */
  readonly adopted: readonly Case[];
}

export interface ShrinkOptions {
  /** Tells whether a smaller case's failure may be adopted, as a further condition. */
  keeps?(c: Case, failed: Failed): boolean;
  /** Tells whether the search must end early. */
  stop?(): boolean;
  /** Cases to try before all others; adopted if they are smaller and fail in the same way. */
  readonly first?: readonly Value<Case>[];
  readonly budget?: ShrinkBudget;
}

/** Numbers of candidates tried together: few after a step, more while none of them fails. */
const batches = [4, 8, 16, 32];

/**
 * Returns the smallest case found that still fails in the same way. Verdict and class are kept, so that a bug does not shrink into another
 * one. Nor does it shrink into noise: once a case is off by two bounds, the smaller ones must be too, unless only a case that is off by
 * less can be checked by hand.
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

/** Tells whether a failure is off by two bounds or more, or is not a failure of accuracy. */
function isClear(failed: Failed): boolean {
  return (overBound(failed) ?? Infinity) >= CLEAR;
}

class Search {
  /** True if a smaller case was not adopted because it was off by less than two bounds. */
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

  /**
   * Adopts smaller cases until none fails in the same way or the budget is spent.
   * @param clearly whether a case that is off by two bounds shrinks only to cases that are too.
   * @param first cases to try before those that `from` shrinks to.
   */
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
   * Returns the first candidate, in order, that fails in the same way; within a batch, preferably the first that is off by two bounds. A
   * crash ends only its own case; a timeout ends the search.
   */
  private async firstSame(batch: readonly Candidate[], failed: Failed, clearly: boolean): Promise<FailedCase | 'timeout' | undefined> {
    let faint: FailedCase | undefined;
    const { oneByOne = false } = this.runner.supervisor;
    for (let at = 0; at < batch.length; ) {
      const outcomes: Outcome[] = await this.runner.run(batch.slice(at, oneByOne ? at + 1 : batch.length));
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
