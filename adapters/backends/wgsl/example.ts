import type { Capabilities, Case, DType } from '../../../spec/types/documents.js';

const axes = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'] as const;
type Axis = (typeof axes)[number];

/** The smallest plain case within the limits. */
export function exampleCase(capabilities: Capabilities, dtype: DType): Case {
  return {
    operator: capabilities.operators[0],
    dims: Object.fromEntries(axes.map((axis) => [axis, leastSize(capabilities, axis)])) as Case['dims'],
    mask: { name: 'full' },
    options: {},
    dtype,
    layout: capabilities.layouts?.[0] ?? 'bhld',
    ...(capabilities.dialect && { dialect: capabilities.dialect }),
    values: { distribution: 'integers', seed: 0 },
  };
}

/** @param through axes whose limit led here: two that are to be equal to each other have no other limit. */
function leastSize(capabilities: Capabilities, axis: Axis, through: readonly Axis[] = []): number {
  const limit = capabilities.limits?.[axis];
  if (limit === undefined || through.includes(axis)) return 1;
  if (typeof limit === 'string') return leastSize(capabilities, limit.slice(1) as Axis, [...through, axis]);
  if (Array.isArray(limit)) return Math.min(...limit);
  const { min = 1, multipleOf = 1 } = limit;
  return Math.ceil(min / multipleOf) * multipleOf;
}
