import { allowedBy, atLeast, atMost, withinLimits } from '../../generators/lib/limits.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { excludedBy } from '../../spec/claims/excluded.js';
import { fixedOptions } from '../../spec/claims/fixed.js';
import { withSizes } from '../../spec/operator/axes.js';
import type { Case, Operator } from '../../spec/types/documents.js';

const axes = [
  ['n', 'm'],
  ['d', 'e'],
  ['b', undefined],
] as const;

/** Another shape within the claims; a mask with parameters allows another head size only. */
export function otherShape(c: Case, operator: Operator, capabilities: FullCapabilities): Case | undefined {
  const { scale } = c.options;
  const plain: Case = { ...c, options: { ...(scale !== undefined && { scale }), ...fixedOptions(capabilities, operator) } };
  const fitsAnyLength = 'name' in c.mask && c.mask.parameters === undefined;
  for (const [axis, partner] of axes) {
    if (!fitsAnyLength && axis !== 'd') continue;
    if (capabilities.compilesPer.includes(axis)) continue;
    const size = neighbour(capabilities, axis, c.dims[axis]);
    if (size === undefined) continue;
    const changed = [axis, ...(partner && c.dims[partner] === c.dims[axis] ? [partner] : [])];
    const dims = withSizes(operator, plain, changed, size);
    const other = { ...plain, dims };
    if (withinLimits(capabilities.limits, dims) && !excludedBy(capabilities, other, false)) return other;
  }
  return undefined;
}

function neighbour({ limits }: FullCapabilities, axis: string, size: number): number | undefined {
  const allowed = allowedBy(limits[axis]);
  return atMost(allowed, size - 1) ?? atLeast(allowed, size + 1);
}
