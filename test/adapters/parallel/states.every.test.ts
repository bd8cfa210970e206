import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from '../../../adapters/kernel.js';
import { simulateScheme } from '../../../adapters/parallel/job/scheme-job.js';
import { operatorsOf } from '../../../spec/scheme/operators.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Dims, Scheme } from '../../../spec/types/documents.js';
import { asksAll, firstOf } from '../../some.js';
import { expectDeclaredBytes, expectSameBits, expectSingleDevice, inputsOf, kernelOf, library, onRanks, schemeCase } from './support.js';

const both = ['forward', 'backward'] as const;
const schemes = ['state-passing', 'state-gather', 'open-segment-passing'];
/** The kernel inside rounds to float32. */
const tolerance = 2e-5;

function stateCase(operator: string, dims: Partial<Dims>, options: Case['options'] = {}): Case {
  return { ...schemeCase({ s: 3, ...dims }, { name: 'full' }, {}, 'f32'), operator, options };
}

describe.each(schemes)('%s', (scheme) => {
  const operators = operatorsOf(library.schemes.get(scheme) as Scheme);
  const [plain] = operators;

  it.each(firstOf(operators, 2))('of %s is a single device, and sends what its document says', async (operator) => {
    for (const n of [1, 5, 11])
      for (const initial of [false, true]) {
        const c = stateCase(operator, { b: 1, hk: 2, g: 2, n, d: 3, e: 2 }, initial ? { initial: true } : {});
        await expectSingleDevice(c, scheme, [1, 3, 8], both, tolerance);
      }
  });

  it.skipIf(asksAll)('is a single device whatever the sizes', async () => {
    const size = (max: number) => fc.integer({ min: 1, max });
    const dims = fc.record({ s: size(4), b: size(2), hk: size(2), g: size(2), n: size(12), d: size(5), e: size(5) });
    await fc.assert(
      fc.asyncProperty(dims, fc.boolean(), size(8), fc.constantFrom(...operators), (drawn, initial, ranks, operator) => {
        const c = stateCase(operator, { ...drawn, m: drawn.n }, initial ? { initial: true } : {});
        return expectSingleDevice(c, scheme, [ranks], both, tolerance);
      }),
      { numRuns: 12 },
    );
  });

  it.skipIf(asksAll)('is a single device whatever segments its chunks cut', async () => {
    const c = stateCase('gdn-packed', { n: 14, s: 3, d: 3, e: 2 }, { initial: true });
    const segments = [...valuesOf(inputsOf(c, 'forward').segment)];
    // of four ranks one has tokens of two segments, and one segment has tokens on two ranks
    const onRank = (at: number) => Math.floor((at * 4) / 14);
    const pairs = segments.slice(1).map((segment, at) => [segment === segments[at], onRank(at + 1) === onRank(at)].join());
    expect(pairs).toEqual(expect.arrayContaining(['false,true', 'true,false']));
    await expectSingleDevice(c, scheme, [4], both, tolerance);
  });

  it.skipIf(asksAll)('asks the kernel for its own tokens along every axis of theirs', async () => {
    const tied = operators.find((name) => library.operators.get(name)?.axes?.t) as string;
    const c = stateCase(tied, { hk: 2, n: 7, t: 7 });
    const { kernel, capabilities } = await kernelOf(c.operator);
    const asked: Dims[] = [];
    const watched = {
      forward: (call: Call) => {
        asked.push(call.case.dims);
        return kernel.forward(call);
      },
    };
    const call = { case: { ...c, parallel: { scheme, ranks: 3 } }, tensors: inputsOf(c, 'forward') };
    await simulateScheme(library, watched, capabilities, call, false);
    expect(new Set(asked.map(({ n }) => n))).toEqual(new Set([2, 3]));
    expect(asked.filter(({ m, n, t }) => m !== n || t !== n)).toEqual([]);
  });

  it.skipIf(asksAll)('sends states as partial sums, whatever the type', async () => {
    await expectDeclaredBytes({ ...stateCase(operators[operators.length - 1], { hk: 2, n: 7 }), dtype: 'bf16' }, scheme, [2, 3, 4], both);
  });

  it.skipIf(asksAll)('gives the same bits in every order of messages', async () => {
    for (const direction of both) await expectSameBits(stateCase(plain, { hk: 2, n: 9 }), scheme, 4, direction);
  });

  it.skipIf(asksAll)('leaves the state as it is where a rank has no tokens', async () => {
    const c = stateCase(plain, { n: 2, d: 3, e: 2 });
    const [many, one] = [await onRanks(c, scheme, 8), await onRanks(c, scheme, 1)];
    expect(many.state.shape).toEqual(one.state.shape);
    for (const [at, x] of valuesOf(many.state).entries()) expect(x).toBeCloseTo(valuesOf(one.state)[at], 5);
  });
});
