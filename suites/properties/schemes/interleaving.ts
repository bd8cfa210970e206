import { ownOf } from '../../../spec/claims/adapter-scheme.js';
import type { Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';
import { bothPasses, onRanks } from '../lib/parallel.js';

const ORDERS = 100;

/** A hundred arrival orders of messages give the same bits and no deadlock. */
export const interleaving: Property = {
  name: 'interleaving',
  title: 'the order of messages changes no bit',
  perMask: false,
  perFeature: false,
  perScheme: true,
  simulatedOnly: true,
  needs: { gradients: true, calls: 20, distributions: ['normal'] },
  cases: 4,
  unsupported: (claims) => {
    if (ownOf(claims)) return 'the suite cannot choose the order of its messages';
    return claims.deterministic.forward ? undefined : 'a deterministic forward pass is not claimed';
  },
  calls: (c, { capabilities }) => bothPasses(onRanks(c, { orders: ORDERS }), capabilities).slice(-1),
  judge: (context) => {
    const { differs } = context.results[0];
    const schedule = differs?.data[0];
    if (schedule !== undefined && schedule >= 0) {
      return {
        status: 'fail',
        class: 'interleaving',
        message: `the order of schedule ${schedule} gives other bits than that of schedule ${context.case.parallel?.schedule ?? 0}`,
        call: 0,
      };
    }
    return judgeCall(context, 0);
  },
};
