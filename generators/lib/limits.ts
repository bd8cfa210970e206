import type { Limit, Limits } from '../../spec/types/documents.js';

/** Allowed sizes of an axis: multiples of `step` in [min, max], and in `list` if present. */
export interface AllowedSizes {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly list?: readonly number[];
}

/** Largest size of a case (case.schema.json). */
const LARGEST = 16777216;

export const anySize: AllowedSizes = { min: 1, max: LARGEST, step: 1 };

/** Sizes that one limit allows. A limit "=x", which ties two axes, allows every size. */
export function allowedBy(limit: Limit | undefined): AllowedSizes {
  if (limit === undefined || typeof limit === 'string') return anySize;
  if (Array.isArray(limit)) return { ...anySize, list: [...limit].sort((a, b) => a - b) };
  return { min: limit.min ?? 1, max: limit.max ?? LARGEST, step: limit.multipleOf ?? 1 };
}

/** Sizes that both allow. */
export function intersect(a: AllowedSizes, b: AllowedSizes): AllowedSizes {
  const list = a.list && b.list ? a.list.filter((size) => b.list?.includes(size)) : (a.list ?? b.list);
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max), step: leastCommonMultiple(a.step, b.step), list };
}

/** Largest allowed size that is at most `size`; undefined if every allowed size is larger. */
export function atMost(allowed: AllowedSizes, size: number): number | undefined {
  const { min, max, step, list } = allowed;
  if (list) return list.findLast((x) => x <= size && isAllowed(allowed, x));
  const found = Math.floor(Math.min(size, max) / step) * step;
  return found >= min && found >= 1 ? found : undefined;
}

/** Smallest allowed size that is at least `size`; undefined if every allowed size is smaller. */
export function atLeast(allowed: AllowedSizes, size: number): number | undefined {
  const { min, max, step, list } = allowed;
  if (list) return list.find((x) => x >= size && isAllowed(allowed, x));
  const found = Math.ceil(Math.max(size, min) / step) * step;
  return found <= max ? found : undefined;
}

/** `size` or the next smaller allowed size, else the smallest; undefined if no size is allowed. */
export function saturate(allowed: AllowedSizes, size: number): number | undefined {
  return atMost(allowed, size) ?? atLeast(allowed, size);
}

export function isAllowed({ min, max, step, list }: AllowedSizes, size: number): boolean {
  return size >= min && size <= max && size % step === 0 && (!list || list.includes(size));
}

/** True if sizes are within an implementation's limits. */
export function withinLimits(limits: Limits, dims: Readonly<Record<string, number>>): boolean {
  for (const [axis, limit] of Object.entries(limits)) {
    if (dims[axis] === undefined) continue;
    if (typeof limit === 'string' ? dims[axis] !== dims[limit.slice(1)] : !isAllowed(allowedBy(limit), dims[axis])) return false;
  }
  return true;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y) [x, y] = [y, x % y];
  return (a / x) * b;
}
