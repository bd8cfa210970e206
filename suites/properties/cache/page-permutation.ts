import { isPaged } from '../../../generators/history/pages.js';
import type { Case, Operation } from '../../../spec/types/documents.js';
import { identical, sameBits } from '../../judging/bits.js';
import { judgeCache, withHistory } from '../../judging/cache.js';
import { judgeCall } from '../../judging/compare-call.js';
import type { JudgeContext, Judgement, Property } from '../property.js';

/** Pages moved to other places, with the table that follows them, change no bit of o and lse; and each call is right. */
export const pagePermutation: Property = {
  name: 'page-permutation',
  title: 'where the pages of a cache lie changes no bit',
  perMask: false,
  perFeature: false,
  needs: { history: 'pages', calls: 2, passes: 2 },
  unsupported: ({ pages }) => (pages ? undefined : 'pages are not claimed'),
  calls: (c) => [c, moved(c)].map((subject) => ({ command: 'forward', case: subject })),
  judge: (context) => {
    const first = judgeMoved(context, 0);
    if (first.status !== 'pass') return first;
    return sameOutputs(context) ?? judgeMoved(context, 1);
  },
};

/** The same tokens, with the pages moved before the last call; the case itself where it has none. */
function moved(c: Case): Case {
  if (!isPaged(c)) return c;
  const permute: Operation = { op: 'permute', seed: c.values.seed };
  return withHistory(c, [...c.history.slice(0, -1), permute, ...c.history.slice(-1)]);
}

function judgeMoved(context: JudgeContext, call: number): Judgement {
  return judgeCache(context, call) ?? judgeCall(context, call);
}

/** Where the bits differ: undefined where they need not be the same, for a kernel that does not claim to repeat itself. */
function sameOutputs({ results, claims: { capabilities } }: JudgeContext): Judgement | undefined {
  const [before, after] = results.map(({ k_pages: _, v_pages: __, ...outputs }) => outputs);
  if (!capabilities.deterministic.forward) return undefined;
  if (identical(before, after)) return { status: 'pass' };
  return sameBits(before, after, {
    class: 'page-permutation',
    call: 1,
    describe: (place, there, here) => `${place} is ${there}, and ${here} after the pages were moved`,
  });
}
