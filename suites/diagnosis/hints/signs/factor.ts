import { storedBound } from '../../../../spec/oracle/output-bound.js';
import type { DType } from '../../../../spec/tensor/dtype.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case, Dims } from '../../../../spec/types/documents.js';
import type { Comparand } from '../../../judging/compared.js';
import { fits } from '../fits.js';

const LEAST_VALUES = 4;
const CLEAR = 64;

/** Constant factor of a whole output, by name if exactly one name fits. */
export function factorHint(c: Comparand, { dims, options }: Case): string | undefined {
  const factor = c.format ? undefined : constantFactor(c);
  if (!factor) return undefined;
  const { value, error } = factor;
  // gradients of two keys add up to 0: exchanging them also multiplies them by −1
  if (c.output === 'dk' && dims.n === 2 && Math.abs(value + 1) <= error) return undefined;
  const named = namedFactors(dims, options.scale).filter(([, known]) => Math.abs(known - value) <= error);
  const times = named.length === 1 ? named[0][0] : String(Number(value.toPrecision(5)));
  return `every element of ${c.output} is ${times} times the expected value`;
}

function namedFactors({ d, g }: Dims, scale: unknown): [string, number][] {
  const factors: [string, number][] = [
    ['1/ln 2', Math.LOG2E],
    ['ln 2', Math.LN2],
    ['−1', -1],
  ];
  if (typeof scale === 'number') factors.push(['the scale', scale], ['1/scale', 1 / scale]);
  else if (d > 1) factors.push(['√d', Math.sqrt(d)], ['1/√d', 1 / Math.sqrt(d)]);
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
  const fitsAs = (changed: (r: number) => number) =>
    fits({
      ...c,
      expected: {
        shape: c.expected.shape,
        value: value.map((r) => (Number.isFinite(r) ? changed(r) : r)),
        bound: limits.map((limit, i) => (Number.isFinite(value[i]) ? size * limit + error * Math.abs(value[i]) : limit)),
      },
    });
  if (!fitsAs((r) => factor * r)) return undefined;
  // similar values may be off by one amount too, e.g. LSEs of rows that lose equal shares of keys
  const amount = (factor - 1) * value[best];
  return fitsAs((r) => r + amount) ? undefined : { value: factor, error };
}
