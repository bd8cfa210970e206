import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Dims } from '../../../spec/types/documents.js';
import type { Comparand } from '../compare.js';
import { fits } from './fits.js';

/** Different values, well above their bounds, that a constant factor must hold for before it is named. */
const LEAST_VALUES = 4;
/** How far above its bound an element must be to count. */
const CLEAR = 64;

/** A constant factor by which every element of an output is off. */
export function factorHint(c: Comparand, dims: Dims): string | undefined {
  const factor = constantFactor(c);
  if (!factor) return undefined;
  const { value, error } = factor;
  const named = namedFactors(dims).find(([, known]) => Math.abs(known - value) <= error);
  return `every element of ${c.output} is ${Number(value.toPrecision(5))}${named ? ` (${named[0]})` : ''} times what is expected`;
}

function namedFactors({ d, g }: Dims): [string, number][] {
  const factors: [string, number][] = [
    ['1/ln 2: a logarithm to base 2', Math.LOG2E],
    ['ln 2', Math.LN2],
    ['the sign is wrong', -1],
  ];
  if (d > 1) factors.push(['√d', Math.sqrt(d)], ['1/√d', 1 / Math.sqrt(d)], ['d', d], ['1/d', 1 / d]);
  if (g > 1) factors.push(['g', g], ['1/g', 1 / g]);
  return factors;
}

function constantFactor(c: Comparand): { value: number; error: number } | undefined {
  const { value, bound } = c.expected;
  const limits = value.map((r, i) => storedBound(r, bound[i], c.actual.dtype as DType, c.flushToZero));
  const clear = new Set<number>();
  let best = -1;
  for (let i = 0; i < value.length; i++) {
    if (!Number.isFinite(value[i]) || !(Math.abs(value[i]) > CLEAR * limits[i])) continue;
    clear.add(value[i]);
    if (best < 0 || Math.abs(value[i]) * limits[best] > Math.abs(value[best]) * limits[i]) best = i;
  }
  if (clear.size < LEAST_VALUES) return undefined;
  const factor = valuesOf(c.actual)[best] / value[best];
  if (!Number.isFinite(factor) || factor === 0) return undefined;
  const size = Math.max(1, Math.abs(factor));
  const error = (size * limits[best]) / Math.abs(value[best]);
  if (!(Math.abs(factor - 1) > error)) return undefined;
  const scaled = {
    shape: c.expected.shape,
    value: value.map((r) => (Number.isFinite(r) ? factor * r : r)),
    bound: limits.map((limit, i) => (Number.isFinite(value[i]) ? size * limit + error * Math.abs(value[i]) : limit)),
  };
  return fits({ ...c, expected: scaled }) ? { value: factor, error } : undefined;
}
