import fc from 'fast-check';
import { type Tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import { distance } from './closeness.js';

/** Dimensions of small problems around the edges of a kernel's tiles: m and n from `sizes`, d from `depths`. */
export function dimsAround(sizes: readonly number[], depths: readonly number[]) {
  const size = fc.constantFrom(...sizes);
  return fc.record({
    b: fc.integer({ min: 1, max: 2 }),
    hk: fc.integer({ min: 1, max: 2 }),
    g: fc.integer({ min: 1, max: 3 }),
    m: size,
    n: size,
    d: fc.constantFrom(...depths),
    e: fc.constantFrom(1, 9, 64),
  });
}

export const scoreOptions = fc
  .subarray(['scale', 'softcap', 'sink', 'alibi', 'bias'])
  .map((names) => Object.fromEntries(names.map((name) => [name, name === 'scale' ? 0.3 : name === 'softcap' ? 2 : (true as const)])));

/** Masks that are passed by name; the wider window leaves out whole tiles of keys on its left. */
export function namedMasks(left: number) {
  return fc.constantFrom(
    { name: 'full' },
    { name: 'causal' },
    { name: 'sliding-window', parameters: { left: 5, right: 0 } },
    { name: 'sliding-window', parameters: { left, right: 3 } },
  );
}

/** Largest distance between the tensors of two outputs with the same name. */
export function furthest(actual: Readonly<Record<string, Tensor>>, expected: Readonly<Record<string, Tensor>>): number {
  return Math.max(...Object.entries(expected).map(([name, t]) => distance(valuesOf(actual[name]), valuesOf(t))));
}
