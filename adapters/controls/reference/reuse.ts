import type { ReuseOperation } from '../../../spec/types/documents.js';
import type { Call, Outputs } from '../../kernel.js';

type Forward = (call: Call) => Promise<Outputs>;

/** Tells whether a call by a schedule gives the stored output. */
export function reuses({ range, lo, hi, steps }: ReuseOperation): boolean {
  const at = steps.length - 1;
  return at % range > 0 && steps[at] > lo && steps[at] < hi;
}

/**
 * Returns a forward pass that stores what it computes by a schedule, and gives it again where the rule says so.
 * @param keep tells whether a computed output is stored in place of the one before it.
 */
export function reusing(forward: Forward, rule: typeof reuses = reuses, keep: (schedule: ReuseOperation) => boolean = () => true): Forward {
  let stored: Outputs | undefined;
  return async (call) => {
    const schedule = call.case.history?.[0];
    if (schedule?.op !== 'reuse') return forward(call);
    if (stored && rule(schedule)) return stored;
    const outputs = await forward(call);
    if (!stored || keep(schedule)) stored = outputs;
    return outputs;
  };
}
