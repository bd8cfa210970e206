import { decodeOutcome } from '../../../adapters/schemes/outcome.js';
import { unmetNeed, worldOf } from '../../../spec/scheme/world.js';
import type { Scheme } from '../../../spec/types/documents.js';
import { judgeCall } from '../compare-call.js';
import type { JudgeContext, Judgement, Property } from '../property.js';
import { onRanks } from './parallel.js';

const WORLDS = 8;

/** The same problem on 1 to 8 ranks: right on every number that the scheme's needs allow, refused on the others. */
export const anyWorld: Property = {
  name: 'any-world',
  title: 'right on every number of ranks, and refused where the needs are not met',
  perMask: false,
  perFeature: false,
  perScheme: true,
  outcomes: true,
  needs: { calls: WORLDS },
  cases: 12,
  unsupported: () => undefined,
  calls: (c) => Array.from({ length: WORLDS }, (_, x) => ({ command: 'forward', case: onRanks(c, { ranks: x + 1 }) })),
  judge: (context) => {
    let undecided: Judgement | undefined;
    for (let call = 0; call < WORLDS; call++) {
      const judgement = judgeWorld(context, call);
      if (judgement.status === 'fail') return judgement;
      if (judgement.status === 'undecided') undecided ??= judgement;
    }
    return undecided ?? { status: 'pass' };
  },
};

function judgeWorld(context: JudgeContext, call: number): Judgement {
  const ranks = call + 1;
  const c = context.calls[call].case;
  const scheme = context.library.schemes.get(c.parallel?.scheme ?? '') as Scheme;
  const unmet = unmetNeed(worldOf(scheme, c.dims, ranks), c.mask);
  const outcome = decodeOutcome(context.results[call]);
  const fail = (name: string, message: string): Judgement => ({ status: 'fail', class: name, message, call });
  if (outcome && 'failed' in outcome) return fail(outcome.failed.how, `on ${ranks} ranks: ${outcome.failed.message}`);
  if (outcome && unmet === undefined) return fail('refused', `${ranks} ranks meet every need, and were refused: ${outcome.refused}`);
  if (!outcome && unmet !== undefined) return fail('refusal', `${ranks} ranks were accepted, although ${unmet}`);
  if (outcome) return { status: 'pass' };
  const judgement = judgeCall(context, call);
  return judgement.status === 'fail' ? { ...judgement, message: `on ${ranks} ranks: ${judgement.message}` } : judgement;
}
