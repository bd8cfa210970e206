import { excludedBy } from '../../../spec/claims/excluded.js';
import { differentiableInputs } from '../../../spec/operator/facts.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { judgeAccuracy } from '../lib/accuracy.js';

/** Claimed gradients are within their derived bounds; dq of an empty row is exactly zero. */
export const gradient: Property = {
  name: 'gradient',
  title: 'the claimed gradients lie within the derived error bound of the exact ones',
  perMask: true,
  perFeature: true,
  bounded: true,
  needs: { gradients: true, passes: 3, floors: true },
  unsupported: (capabilities, operator) => (claimsBackward(capabilities, operator) ? undefined : 'no gradients are claimed'),
  calls: (c) => [{ command: 'backward', case: c }],
  judge: judgeAccuracy,
};

/** True if the operator may have a backward pass. `dlse` alone is an input, not an output. */
export function claimsBackward(
  { gradients, commands }: Pick<Parameters<Property['unsupported']>[0], 'gradients' | 'commands'>,
  operator?: Operator,
): boolean {
  if (operator && differentiableInputs(operator).length === 0) return false;
  return gradients.some((name) => name !== 'dlse') && commands.includes('backward');
}

/** Forward, and backward if claimed, not excluded and without a cache. */
export const bothPasses: Property['calls'] = (c, claims) => {
  const { capabilities } = claims;
  const backward =
    c.history === undefined && claimsBackward(capabilities, claims.operator(c.operator)) && !excludedBy(capabilities, c, true);
  return [{ command: 'forward', case: c }, ...(backward ? [{ command: 'backward', case: c } satisfies CallSpec] : [])];
};
