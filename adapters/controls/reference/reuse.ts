import type { ReuseOperation } from '../../../spec/types/documents.js';
import type { Call, Outputs } from '../../kernel.js';

type Forward = (call: Call) => Promise<Outputs>;

/** Returns true if a schedule's last step reuses the stored output. */
export function reuses({ range, lo, hi, steps }: ReuseOperation): boolean {
  const at = steps.length - 1;
  return at % range > 0 && steps[at] > lo && steps[at] < hi;
}

/** Stores outputs and returns them again by the rule. @param keep true to replace them. */
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
