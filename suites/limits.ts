import type { Limit, LimitRange, Limits } from '../spec/types/documents.js';

/** Sizes this far up are looked at: limits that only meet beyond are nobody's. */
const horizon = 4096;

/** The dimension whose size this one takes, through every "=x". */
function rootOf(limits: Limits, axis: string): string {
  const seen = new Set<string>();
  let at = axis;
  for (let limit = limits[at]; typeof limit === 'string' && !seen.has(at); limit = limits[at]) {
    seen.add(at);
    at = limit.slice(1);
  }
  return at;
}

function allows(limit: Exclude<Limit, string> | undefined, size: number): boolean {
  if (limit === undefined) return true;
  if (Array.isArray(limit)) return limit.includes(size);
  const { min = 1, max = Infinity, multipleOf = 1 } = limit as LimitRange;
  return size >= min && size <= max && size % multipleOf === 0;
}

/** Sizes that a dimension may have: those of its list, or those of its range up to a horizon. */
function sizes(limits: Limits, axis: string): number[] {
  const limit = limits[rootOf(limits, axis)] as Exclude<Limit, string> | undefined;
  if (Array.isArray(limit)) return limit;
  const from = limit?.min ?? 1;
  const step = limit?.multipleOf ?? 1;
  const found: number[] = [];
  for (let size = Math.ceil(from / step) * step; size <= Math.min(limit?.max ?? Infinity, from + horizon); size += step) found.push(size);
  return found;
}

/** Whether a dimension may have this size. */
export function canBe(limits: Limits, axis: string, size: number): boolean {
  return allows(limits[rootOf(limits, axis)] as Exclude<Limit, string> | undefined, size);
}

/** Whether a dimension may be larger than `size`. */
export function canExceed(limits: Limits, axis: string, size: number): boolean {
  return sizes(limits, axis).some((s) => s > size);
}

/** Whether two dimensions may be equal. */
export function canEqual(limits: Limits, a: string, b: string): boolean {
  return rootOf(limits, a) === rootOf(limits, b) || sizes(limits, a).some((size) => canBe(limits, b, size));
}

/** Whether two dimensions may differ. */
export function canDiffer(limits: Limits, a: string, b: string): boolean {
  if (rootOf(limits, a) === rootOf(limits, b)) return false;
  const [first, second] = [sizes(limits, a), sizes(limits, b)];
  return first.length > 1 || second.length > 1 || first[0] !== second[0];
}
