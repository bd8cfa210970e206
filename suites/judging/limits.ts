import { allowedBy, atLeast } from '../../generators/lib/limits.js';
import type { Limits } from '../../spec/types/documents.js';

/** True if the limits allow two dimensions to differ. */
export function canDiffer(limits: Limits, a: string, b: string): boolean {
  const [rootA, rootB] = [rootOf(limits, a), rootOf(limits, b)];
  if (rootA === rootB) return false;
  const [first, second] = [smallest(limits, rootA), smallest(limits, rootB)];
  return new Set([...first, ...second]).size > 1 && first.length > 0 && second.length > 0;
}

function smallest(limits: Limits, axis: string): number[] {
  const allowed = allowedBy(limits[axis]);
  const first = atLeast(allowed, 1);
  const second = first === undefined ? undefined : atLeast(allowed, first + 1);
  return [first, second].filter((size) => size !== undefined);
}

function rootOf(limits: Limits, axis: string): string {
  const seen: string[] = [];
  let at = axis;
  for (let limit = limits[at]; typeof limit === 'string'; limit = limits[at]) {
    if (seen.includes(at)) return seen.slice(seen.indexOf(at)).sort()[0];
    seen.push(at);
    at = limit.slice(1);
  }
  return at;
}
