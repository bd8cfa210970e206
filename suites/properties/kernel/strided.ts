import { excludedBy } from '../../../spec/claims/excluded.js';
import type { Case, Layout } from '../../../spec/types/documents.js';
import type { CallSpec, JudgeContext, Judgement, Property } from '../../contract/property.js';
import { identical } from '../../judging/bits.js';
import { judgeCall } from '../lib/compare-call.js';
import { claimsBackward } from './gradient.js';

/** Views and further layouts are right like contiguous tensors. */
export const strided: Property = {
  name: 'strided',
  title: 'strided views and other layouts give the result of contiguous tensors',
  perMask: false,
  perFeature: false,
  needs: { views: true, passes: 6 },
  unsupported: ({ strided: claimed, layouts }) =>
    claimed || unpacked(layouts).length > 1 ? undefined : 'neither strided tensors nor a second layout are claimed',
  calls: (c, claims) => {
    const { capabilities } = claims;
    const { views: _, ...rest } = c;
    const plain: Case = { ...rest, layout: unpacked(capabilities.layouts)[0] };
    const calls = pair('forward', plain, c);
    const backward = claimsBackward(capabilities, claims.operator(c.operator)) && !excludedBy(capabilities, c, true);
    return backward ? [...calls, ...pair('backward', plain, c)] : calls;
  },
  judge: (context) => {
    const [plain, lying] = context.calls.map((call) => call.case);
    if (plain.layout === lying.layout && Object.keys(lying.views ?? {}).length === 0) return { status: 'undecided', reason: 'no view' };
    const contiguous = judgeCall(context, 0);
    if (contiguous.status !== 'pass') return contiguous;
    const forward = judgeViewed(context, 0, 1);
    if (forward.status !== 'pass' || context.results.length === 2) return forward;
    return judgeViewed(context, 2, 3);
  },
};

function unpacked(layouts: readonly Layout[]): Layout[] {
  return layouts.filter((layout) => layout !== 'thd');
}

/** `gradient` reports wrong contiguous gradients. Equal bits of equal inputs need no oracle. */
function judgeViewed(context: JudgeContext, plain: number, viewed: number): Judgement {
  const { views = {} } = context.calls[viewed].case;
  const sameInputs = !Object.values(views).some((view) => view.step === 0);
  if (sameInputs && identical(context.results[plain], context.results[viewed])) return { status: 'pass' };
  if (context.calls[plain].command === 'backward' && judgeCall(context, plain).status !== 'pass') return { status: 'pass' };
  return asStrided(judgeCall(context, viewed));
}

function pair(command: CallSpec['command'], plain: Case, lying: Case): CallSpec[] {
  return [
    { command, case: plain },
    { command, case: lying },
  ];
}

function asStrided(judgement: Judgement): Judgement {
  return judgement.status === 'fail'
    ? { ...judgement, class: 'strided', message: `contiguous tensors give the right result, these do not: ${judgement.message}` }
    : judgement;
}
