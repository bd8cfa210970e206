import { countText } from '../../spec/lib/units.js';
import type { Timing } from '../../spec/types/documents.js';
import type { BenchProblem } from './problems.js';

interface Seen {
  readonly flops: number;
  /** Milliseconds of a call, and of the whole timing. */
  readonly call: number;
  readonly all: number;
}

interface Stop {
  readonly tokens: number;
  readonly why: string;
}

export interface TimeLimits {
  /** Most milliseconds of a call, and milliseconds left of the budget. */
  readonly call: number;
  readonly left: number;
  readonly budget: number | undefined;
}

/** Verdict on a problem that is not timed. */
export type Skipped = Pick<Timing, 'verdict' | 'reason'>;

/** Foretells from a candidate's shorter problems that a longer one lacks time or memory. */
export class Forecast {
  private readonly seen = new Map<string, Seen>();
  private readonly stops = new Map<string, Stop>();

  note(adapter: string, problem: BenchProblem, { flops, latency }: Pick<Timing, 'flops' | 'latency'>, all: number): void {
    if (latency && flops > 0) this.seen.set(keyOf(adapter, problem), { flops, call: latency.p50, all });
  }

  stop(adapter: string, problem: BenchProblem, lacks: 'memory' | 'time'): void {
    const tokens = problem.case.dims.n;
    const why = lacks === 'memory' ? 'it ran out of memory' : 'a call took too long';
    const key = maskKeyOf(adapter, problem);
    if (tokens < (this.stops.get(key)?.tokens ?? Infinity)) this.stops.set(key, { tokens, why });
  }

  /** Reason to skip a problem; undefined if it is timed. @param flops of a call. */
  whySkipped(adapter: string, problem: BenchProblem, flops: number, { call, left, budget }: TimeLimits): Skipped | undefined {
    const { n } = problem.case.dims;
    const stop = this.stops.get(maskKeyOf(adapter, problem));
    if (stop && n >= stop.tokens) return { verdict: 'unsupported', reason: `${stop.why} at ${countText(stop.tokens)} tokens` };
    const budgetText = budget === undefined ? '' : `the budget of ${seconds(budget)}`;
    if (left <= 0) return { verdict: 'skipped', reason: `${budgetText} was spent` };
    const before = this.seen.get(keyOf(adapter, problem));
    if (!before) return undefined;
    const factor = flops / before.flops;
    if (before.call * factor > call) {
      const largest = Math.floor(n * Math.sqrt(call / (before.call * factor)));
      const reason = `a call would take about ${seconds(before.call * factor)}; the limit is ${seconds(call)}, enough for about ${largest} tokens`;
      return { verdict: 'skipped', reason: `${reason}; allow more with --timeout` };
    }
    if (before.all * factor > left)
      return {
        verdict: 'skipped',
        reason: `it would take about ${seconds(before.all * factor)}, more than is left of ${budgetText}`,
      };
    return undefined;
  }
}

function keyOf(adapter: string, { pass, case: c }: BenchProblem): string {
  return JSON.stringify([adapter, pass, c.dtype, c.parallel]);
}

function maskKeyOf(adapter: string, problem: BenchProblem): string {
  return JSON.stringify([keyOf(adapter, problem), (problem.case.mask as { name?: string }).name, problem.swept]);
}

function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toPrecision(2))} s`;
}
