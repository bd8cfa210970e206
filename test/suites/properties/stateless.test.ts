import { describe, expect, it } from 'vitest';
import type { Call, Outputs } from '../../../adapters/adapter.js';
import { tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import { oracle } from '../../../suites/properties/oracle.js';
import { stateless } from '../../../suites/properties/stateless.js';
import { claims, forwardOf, judgeKernel, referenceWith, tryCases } from './on-kernel.js';
import { caseOf } from './support.js';

/** Answers from a cache by whatever it takes the call to be. */
function cachedBy(key: (call: Call) => string) {
  const seen = new Map<string, Outputs>();
  return forwardOf(async (call, right) => {
    const known = seen.get(key(call));
    if (known) return known;
    const outputs = await right(call);
    seen.set(key(call), outputs);
    return outputs;
  });
}

const shape = ({ case: c }: Call) => JSON.stringify([c.dims, c.mask, c.options, c.dtype, c.layout]);
const few = (call: Call) => shape(call) + ['q', 'k', 'v'].map((name) => [...valuesOf(call.tensors[name]).subarray(0, 4)]).join();

/** Right for the first calls, then the output is zero. */
function rightFor(calls: number) {
  let count = 0;
  return forwardOf(async (call, right) => {
    const { o, ...rest } = await right(call);
    return ++count <= calls
      ? { o, ...rest }
      : {
          ...rest,
          o: tensor(
            o.dtype,
            o.shape,
            o.data.map(() => 0),
          ),
        };
  });
}

describe('stateless', () => {
  const both = claims({ gradients: true });

  it('calls a case three times, with other values, one changed element and another shape between', () => {
    const calls = stateless.calls(caseOf(), both);
    expect(calls.map(({ command }) => command)).toEqual([...Array(6).fill('forward'), ...Array(3).fill('backward')]);
    const [first, other, again, far, plain, last] = calls.map((call) => call.case);
    expect([again, last]).toEqual([first, first]);
    expect(other).toEqual({ ...first, values: { distribution: 'normal', seed: 8 } });
    expect(far).toEqual({ ...first, values: { distribution: 'normal', seed: 7, changed: true } });
    expect(plain.dims).not.toEqual(first.dims);
    expect(stateless.calls(caseOf(), claims()).every(({ command }) => command === 'forward')).toBe(true);
  });

  it('changes no size that is fixed, tied or costly', () => {
    const fixed = claims({ limits: { n: [6], d: [3], e: '=d' } });
    expect(stateless.calls(caseOf(), fixed)[4].case.dims).toEqual({ ...caseOf().dims, b: 1 });
    expect(stateless.calls(caseOf(), claims({ compilesPer: ['n', 'd', 'b'] }))).toHaveLength(5);
    // the operator may have no other mask than the case's: it stays, and its parameters were made for its lengths
    const causal = caseOf({ mask: { name: 'causal' } });
    expect(stateless.calls(causal, claims())[4].case).toMatchObject({ mask: { name: 'causal' }, dims: { n: 5 } });
    const padding = caseOf({ mask: { name: 'padding', parameters: { lengths: [3, 5], side: 'right' } } });
    const other = stateless.calls(padding, claims())[4].case;
    expect(other).toMatchObject({ mask: padding.mask, dims: { b: 2, m: 4, n: 6, d: 2, e: 2 } });
    expect(stateless.calls(padding, claims({ limits: { d: [3] } }))).toHaveLength(5);
    const square = caseOf({ sizes: { m: 6, n: 6 } });
    expect(stateless.calls(square, claims())[4].case.dims).toMatchObject({ m: 5, n: 5 });
  });

  it('passes a correct kernel, backward too', async () => {
    expect(await tryCases(stateless, referenceWith(), 6, 'bf16', both)).toEqual({ decided: 6 });
  });

  it('fails an output that is kept by shape, or by the first elements', async () => {
    const kept = { failure: { class: 'stateless', hint: expect.stringMatching(/kept from an earlier call/) } };
    expect(await tryCases(stateless, cachedBy(shape), 10)).toMatchObject({ ...kept, decided: 0 });
    expect(await tryCases(stateless, cachedBy(few), 10)).toMatchObject(kept);
  });

  it('fails an answer that depends on how many calls there were', async () => {
    expect(await judgeKernel(stateless, rightFor(2), caseOf())).toMatchObject({ class: 'stateless', call: 2, output: 'o' });
    const loose = claims({ deterministic: { forward: false } });
    expect(await judgeKernel(stateless, rightFor(2), caseOf(), loose)).toMatchObject({ class: 'stateless', call: 2 });
    expect(await judgeKernel(stateless, rightFor(5), caseOf())).toMatchObject({ class: 'stateless', call: 5 });
  });

  it('fails gradients that add up from call to call, or are kept', async () => {
    const right = referenceWith();
    let calls = 0;
    const scaled = {
      ...right,
      backward: async (call: Call) => {
        const gradients = (await right.backward?.(call)) as Outputs;
        calls++;
        return {
          ...gradients,
          dk: tensor(
            'f32',
            gradients.dk.shape,
            valuesOf(gradients.dk).map((x) => x * calls),
          ),
        };
      },
    };
    expect(await judgeKernel(stateless, scaled, caseOf(), both)).toMatchObject({ class: 'stateless', output: 'dk', call: 8 });
    let kept: Outputs | undefined;
    const stale = { ...right, backward: async (call: Call) => (kept ??= (await right.backward?.(call)) as Outputs) };
    expect(await judgeKernel(stateless, stale, caseOf(), both)).toMatchObject({ class: 'stateless', call: 7 });
  });

  it('finds what a single call does not show', async () => {
    // other cases have other shapes or other first elements
    expect((await tryCases(oracle, cachedBy(few), 25)).failure).toBeUndefined();
  });

  it('leaves a kernel that is simply wrong to its own class', async () => {
    const wrong = referenceWith({ defaultScale: () => 3 });
    expect(await judgeKernel(stateless, wrong, caseOf())).toMatchObject({ class: 'value', call: 0 });
  });
});
