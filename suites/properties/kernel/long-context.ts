import { judgeCall } from '../../judging/compare-call.js';
import type { Property } from '../property.js';

/** Attention as in long-context training, scaled: the oracle is asked for a sample of the rows, each of which is judged as any other. */
export const longContext: Property = {
  name: 'long-context',
  title: 'sampled rows of long sequences lie within the derived error bound',
  perMask: true,
  perFeature: false,
  needs: { longContext: true, distributions: ['normal', 'planted'] },
  cases: 3,
  unsupported: () => undefined,
  calls: (c) => [{ command: 'forward', case: c }],
  judge: (context) => judgeCall(context, 0),
};
