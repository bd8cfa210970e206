import { isPaged } from '../../../generators/history/pages.js';
import { keepsCache } from '../../../spec/operator/locality.js';
import type { Case, Operation } from '../../../spec/types/documents.js';
import type { JudgeContext, Judgement, Property } from '../../contract/property.js';
import { identical } from '../../judging/bits.js';
import { judgeCache, withHistory } from '../lib/cache.js';
import { judgeCall } from '../lib/compare-call.js';
import { sameAnswers } from '../lib/same-answers.js';

/** Moving pages along with the page table changes no bit of o and lse, and each call is right. */
export const pagePermutation: Property = {
  name: 'page-permutation',
  title: 'moving the pages of a cache changes no bit',
  perMask: false,
  perFeature: false,
  speaksOf: keepsCache,
  needs: { history: 'pages', calls: 2, passes: 2 },
  unsupported: ({ pages }) => (pages ? undefined : 'pages are not claimed'),
  calls: (c) => [c, moved(c)].map((subject) => ({ command: 'forward', case: subject })),
  judge: (context) => {
    const first = judgeMoved(context, 0);
    if (first.status !== 'pass') return first;
    return sameOutputs(context) ?? judgeMoved(context, 1);
  },
};

function moved(c: Case): Case {
  if (!isPaged(c)) return c;
  const permute: Operation = { op: 'permute', seed: c.values.seed };
  return withHistory(c, [...c.history.slice(0, -1), permute, ...c.history.slice(-1)]);
}

function judgeMoved(context: JudgeContext, call: number): Judgement {
  return judgeCache(context, call) ?? judgeCall(context, call);
}

function sameOutputs(context: JudgeContext): Judgement | undefined {
  const { results, claims } = context;
  const [before, after] = results.map((outputs) =>
    Object.fromEntries(Object.entries(outputs).filter(([name]) => !name.endsWith('_pages'))),
  );
  if (!claims.capabilities.deterministic.forward) return undefined;
  if (identical(before, after)) return { status: 'pass' };
  return sameAnswers(
    context,
    { first: 0, before, after },
    {
      class: 'page-permutation',
      call: 1,
      describe: (place, there, here) => `${place} is ${there}, and ${here} after the pages were moved`,
    },
  );
}
