import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Kernel } from '../../../adapters/kernel.js';
import { asksAll } from '../../some.js';
import { referenceWith } from '../properties/on-kernel.js';
import { checked } from './checked.js';

/** A kernel that is wrong from some size of an axis on. */
function wrongFrom(axis: 'm' | 'n' | 'd' | 'e', size: number): Kernel {
  const right = referenceWith();
  return {
    ...right,
    forward: async (call) => {
      const { o, lse } = await right.forward(call);
      const data =
        call.case.dims[axis] < size ? o.data : (o.data as Float32Array).map((x) => Math.fround(x + 0.37 * Math.sin(1e4 * x) + 0.1));
      return { o: { ...o, data }, lse };
    },
  };
}

it('a failure says with which size of an axis, one smaller, its case passes', async () => {
  const faults = fc.record({ axis: fc.constantFrom('m', 'n', 'd', 'e'), size: fc.integer({ min: 5, max: 12 }), seed: fc.nat(9) });
  await fc.assert(
    fc.asyncProperty(faults, async ({ axis, size, seed }) => {
      const { verdict, failure } = await checked(wrongFrom(axis, size), 'softmax/full/oracle/f32', {}, seed);
      expect([verdict, failure?.case.dims[axis]]).toEqual(['fail', size]);
      expect(failure?.passesWith).toEqual([{ [axis]: size - 1 }]);
    }),
    { numRuns: asksAll ? 8 : 2, seed: 1 },
  );
});

it('sizes that a kernel takes of one size alone become smaller together', async () => {
  const { failure } = await checked(wrongFrom('n', 6), 'softmax/full/oracle/f32', { limits: { m: '=n' } });
  expect([failure?.case.dims.m, failure?.case.dims.n]).toEqual([6, 6]);
  expect(failure?.passesWith).toEqual([{ m: 5, n: 5 }]);
});

it('a failure whose case is small says with which smaller sizes it passes, and nothing where it fails with each', async () => {
  const { failure } = await checked(wrongFrom('n', 3), 'softmax/full/oracle/f32');
  expect(failure?.case.dims.n).toBe(3);
  expect(failure?.passesWith).toEqual([{ n: 2 }]);
  const always = await checked(wrongFrom('n', 1), 'softmax/full/oracle/f32');
  expect(always.failure?.case.dims.n).toBe(1);
  expect(always.failure?.passesWith).toBeUndefined();
});

it('a case of several batch entries says that it passes with one fewer', async () => {
  const right = referenceWith();
  const firstAlone: Kernel = {
    ...right,
    forward: async (call) => {
      const { o, lse } = await right.forward(call);
      const data = (o.data as Float32Array).slice();
      if (call.case.dims.b > 1) data.fill(0.37, data.length / call.case.dims.b);
      return { o: { ...o, data }, lse };
    },
  };
  const { failure } = await checked(firstAlone, 'softmax/full/oracle/f32');
  expect(failure?.case.dims.b).toBe(2);
  expect(failure?.passesWith).toEqual([{ b: 1 }]);
});
