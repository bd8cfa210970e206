import { describe, expect, it } from 'vitest';
import { sampledRows } from '../../../generators/values/sampled-rows.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Judgement, Property } from '../../../suites/contract/property.js';
import { gradient } from '../../../suites/properties/kernel/gradient.js';
import { lseMerge } from '../../../suites/properties/kernel/lse-merge.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { visibility } from '../../../suites/properties/kernel/visibility.js';
import { claims, forwardOf, judgeKernel, referenceWith } from './on-kernel.js';

/** Cases of which some rows are judged: what is wrong in these is found, what is wrong in others is not looked at. */

const capabilities = claims({ gradients: true, options: ['scale', 'sink'] });
const c: Case = {
  operator: 'softmax',
  dims: { b: 2, hk: 1, g: 2, m: 60, n: 50, d: 6, e: 6 },
  mask: { name: 'causal' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 11, rows: 20 },
};
const merged: Case = { ...c, mask: { name: 'full' }, split: [20, 0, 30] };
const rows = sampledRows(c, { ...c.dims, heads: 2 }, { tables: {} }) as Uint8Array;

/** Gives o + 1 in the rows that are judged, or in all others. */
const wrongIn = (judged: boolean) =>
  forwardOf(async (call, right) => {
    const outputs = await right(call);
    const data = outputs.o.data.slice() as Float32Array;
    const width = data.length / rows.length;
    for (let at = 0; at < data.length; at++) if ((rows[Math.floor(at / width)] === 1) === judged) data[at] += 1;
    return { ...outputs, o: { ...outputs.o, data } };
  });

/** The reference kernel, one of whose gradients is changed. */
function gradientChanged(name: string, change: (x: number, at: number) => number): ReturnType<typeof referenceWith> {
  const right = referenceWith();
  const backward = right.backward as NonNullable<typeof right.backward>;
  return {
    ...right,
    backward: async (call) => {
      const gradients = await backward(call);
      return { ...gradients, [name]: { ...gradients[name], data: (gradients[name].data as Float32Array).map(change) } };
    },
  };
}

const forward: readonly [string, Property, Case][] = [
  ['oracle', oracle, c],
  ['visibility', visibility, { ...c, values: { ...c.values, distribution: 'visibility' } }],
  ['lse-merge', lseMerge, merged],
];

describe.each(forward)('%s', (_, property, of) => {
  const judged = (kernel: Parameters<typeof judgeKernel>[1]): Promise<Judgement> => judgeKernel(property, kernel, of, capabilities);

  it('passes a right kernel, and one that is wrong elsewhere', async () => {
    expect(await judged(referenceWith())).toEqual({ status: 'pass' });
    expect(await judged(wrongIn(false))).toEqual({ status: 'pass' });
  });

  it('fails a kernel that is wrong in a row that is judged, and names the row in the whole output', async () => {
    const judgement = await judged(wrongIn(true));
    if (judgement.status !== 'fail') throw new Error('not found');
    const [b, h, i] = judgement.index as number[];
    expect(rows[(b * 2 + h) * 60 + i]).toBe(1);
  });
});

describe('gradient', () => {
  it('passes a right kernel', async () => {
    expect(await judgeKernel(gradient, referenceWith(), c, capabilities)).toEqual({ status: 'pass' });
    const empty = { ...c, dims: { ...c.dims, m: 90 }, options: { sink: true as const } };
    expect(await judgeKernel(gradient, referenceWith(), empty, capabilities)).toEqual({ status: 'pass' });
  });

  it('fails a wrong one by the rows that have cotangents', async () => {
    for (const name of ['dk', 'dv', 'dq']) {
      const kernel = gradientChanged(name, (x) => 1.01 * x);
      expect(await judgeKernel(gradient, kernel, c, capabilities)).toMatchObject({ status: 'fail', class: 'gradient', output: name });
    }
  });

  it('fails a kernel that gives dq to a row without cotangents', async () => {
    const kernel = gradientChanged('dq', (x, at) => (at === rows.indexOf(0) * c.dims.d ? 1e-6 : x));
    const judgement = await judgeKernel(gradient, kernel, c, capabilities);
    expect(judgement).toMatchObject({ status: 'fail', class: 'gradient', output: 'dq', expected: 0 });
  });
});
