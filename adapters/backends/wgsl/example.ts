import { drawnAxesOf, tiesOf, withComputedAxes } from '../../../spec/operator/axes.js';
import type { Capabilities, Case, DType, Operator } from '../../../spec/types/documents.js';

const axes = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'] as const;

/** Returns the smallest plain case within the limits. @param operator first claimed operator. */
export function exampleCase(capabilities: Capabilities, dtype: DType, operator?: Operator): Case {
  return {
    operator: capabilities.operators[0],
    dims: dimsOf(capabilities, operator),
    mask: { name: 'full' },
    options: {},
    dtype,
    layout: capabilities.layouts?.[0] ?? 'bhld',
    ...(capabilities.dialect && { dialect: capabilities.dialect }),
    values: { distribution: 'integers', seed: 0 },
  };
}

function dimsOf(capabilities: Capabilities, operator?: Operator): Case['dims'] {
  const dims = Object.fromEntries(axes.map((axis) => [axis, leastSize(capabilities, axis)])) as Case['dims'];
  if (!operator) return dims;
  for (const { name, least } of drawnAxesOf(operator)) dims[name] = Math.max(least, leastSize(capabilities, name));
  for (const [axis, name] of tiesOf(operator)) dims[name] = dims[axis];
  return withComputedAxes(operator, dims, {});
}

/** @param through visited axes: axes that must equal each other have no other limit. */
function leastSize(capabilities: Capabilities, axis: string, through: readonly string[] = []): number {
  const limit = capabilities.limits?.[axis];
  if (limit === undefined || through.includes(axis)) return 1;
  if (typeof limit === 'string') return leastSize(capabilities, limit.slice(1), [...through, axis]);
  if (Array.isArray(limit)) return Math.min(...limit);
  const { min = 1, multipleOf = 1 } = limit;
  return Math.ceil(min / multipleOf) * multipleOf;
}
