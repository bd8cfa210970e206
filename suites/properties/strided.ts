import { excludedBy } from '../../adapters/capabilities.js';
import type { Case } from '../../spec/types/documents.js';
import { judgeCall } from './compare-call.js';
import { claimsBackward } from './gradient.js';
import type { CallSpec, Judgement, Property } from './property.js';

/** Views, and layouts other than the first, give what contiguous tensors give: both lie within the bound. */
export const strided: Property = {
  name: 'strided',
  title: 'strided views and other layouts give what contiguous tensors give',
  perMask: false,
  perFeature: false,
  needs: { views: true },
  unsupported: ({ strided: claimed, layouts }) =>
    claimed || layouts.length > 1 ? undefined : 'neither strided tensors nor a second layout are claimed',
  calls: (c, capabilities) => {
    const { views: _, ...rest } = c;
    const plain: Case = { ...rest, layout: capabilities.layouts[0] };
    const calls = pair('forward', plain, c);
    return claimsBackward(capabilities) && !excludedBy(capabilities, c, true) ? [...calls, ...pair('backward', plain, c)] : calls;
  },
  judge: (context) => {
    const [plain, lying] = context.calls.map((call) => call.case);
    if (plain.layout === lying.layout && Object.keys(lying.views ?? {}).length === 0) return { status: 'undecided', reason: 'no view' };
    const contiguous = judgeCall(context, 0);
    if (contiguous.status !== 'pass') return contiguous;
    const viewed = asStrided(judgeCall(context, 1));
    if (viewed.status !== 'pass' || context.results.length === 2) return viewed;
    // a wrong gradient of contiguous tensors is for `gradient` to report
    return judgeCall(context, 2).status === 'pass' ? asStrided(judgeCall(context, 3)) : viewed;
  },
};

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
