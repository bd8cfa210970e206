import { isReused, isReuse as isScheduled, scheduledCalls } from '../../../generators/history/reuse.js';
import type { CallSpec, FailJudgement, JudgeContext, Property } from '../../contract/property.js';
import { sameBits } from '../../judging/bits.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';

/** Calls that reuse the last output (pyramid attention broadcast, T-GATE) repeat its bits. */
export const reuse: Property = {
  name: 'reuse',
  title: 'a call that reuses an output gives the stored one to the bit; every other call computes its own',
  perMask: false,
  perFeature: false,
  needs: { reuse: true, calls: 8, passes: 8 },
  unsupported: (capabilities) => (capabilities.reuse ? undefined : 'reuse of outputs is not claimed'),
  calls: (c) => (isScheduled(c) ? scheduledCalls(c) : [c]).map((subject): CallSpec => ({ command: 'forward', case: subject })),
  judge: (context) => {
    let stored = 0;
    return firstFailure(context.calls.entries(), ([call, { case: c }]) => {
      if (isScheduled(c) && isReused(c.history[0])) return notStored(context, stored, call) ?? { status: 'pass' };
      stored = call;
      const judgement = judgeCall(context, call);
      return judgement.status === 'fail'
        ? { ...judgement, message: `call ${call + 1}, which is computed: ${judgement.message}` }
        : judgement;
    });
  },
};

function notStored({ results }: JudgeContext, stored: number, call: number): FailJudgement | undefined {
  return sameBits(results[stored], results[call], {
    class: 'reuse',
    call,
    describe: (place, before, after) =>
      `${place} is ${after} in call ${call + 1}, which reuses the output of call ${stored + 1}, where it is ${before}`,
  });
}
