import type { Arbitrary, Value } from 'fast-check';
import { overBound } from '../../../spec/numeric/over-bound.js';
import { elementsOf, isCheckedByHand } from '../../../spec/tensor/case-elements.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CalledCase, CaseRunner } from '../run/case-runner.js';
import { claimedCalls } from '../run/case-stream.js';
import { type Failed, type Outcome, sameFailure } from '../run/outcome.js';

/** Limits of shrinking. */
export interface ShrinkBudget {
  readonly candidates: number;
  /** Milliseconds, without calls that start or compile. */
  readonly milliseconds: number;
  /** Milliseconds of calls that start or compile. */
  readonly starting: number;
  /** Restarts, for failures that kill the process. */
  readonly restarts: number;
}

export const defaultBudget: ShrinkBudget = { candidates: 1000, milliseconds: 20_000, starting: 120_000, restarts: 50 };

/** Budget for a crash or refusal known from another check: each candidate costs a process. */
export const briefBudget: ShrinkBudget = { ...defaultBudget, candidates: 8, restarts: 4 };

/** Budget for a wrong answer like several shrunk before. */
export const usualBudget: ShrinkBudget = { ...defaultBudget, candidates: 250, milliseconds: 3000 };

/** Error ÷ bound from which a failure is no noise. */
const CLEAR = 2;

/** Case with its failure. */
export interface FailedCase {
  readonly value: Value<Case>;
  readonly failed: Failed;
}

export interface Shrunk extends FailedCase {
  /** Adopted cases, from first to smallest. */
  readonly adopted: readonly Case[];
}

export interface ShrinkOptions {
  keeps?(c: Case, failed: Failed): boolean;
  stop?(): boolean;
  readonly first?: readonly Value<Case>[];
  readonly budget?: ShrinkBudget;
}

/** Batch sizes, which grow while no candidate fails. */
const batches = [4, 8, 16, 32];

/**
 * Smallest case found that fails with the same verdict and class. Once a case is off by two bounds,
 * smaller ones must be too, unless only a fainter case is checkable by hand.
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

/** True if off by two bounds or more, or not by accuracy. */
function isClear(failed: Failed): boolean {
  return (overBound(failed) ?? Infinity) >= CLEAR;
}

class Search {
  /** True if a smaller case was rejected as too faint. */
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
   * Adopts smaller cases while one fails alike and the budget lasts. @param clearly keeps it clear.
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

  /** First candidate that fails alike. A crash ends its case, a timeout the search. */
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
