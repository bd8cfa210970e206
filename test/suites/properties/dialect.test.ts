import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onlineCapabilities, plainCapabilities } from '../../../adapters/controls/reference/capabilities.js';
import { standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import { problemOf } from '../../../generators/problem.js';
import { withinLimits } from '../../../generators/space/limits.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { describeFailure } from '../../../reports/text/describe-failure.js';
import { type FullCapabilities, resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { type Dialect, type DialectAxis, dialectAxes, fullDialect } from '../../../spec/dialect.js';
import { createLibrary } from '../../../spec/library.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { type Tensors, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case, DType } from '../../../spec/types/documents.js';
import { oracleOf } from '../../../suites/diagnosis/dialect/candidate.js';
import type { ProbeAnswer } from '../../../suites/diagnosis/dialect/finding.js';
import { inferDialect } from '../../../suites/diagnosis/dialect/infer.js';
import { planDialect } from '../../../suites/diagnosis/dialect/plan.js';
import { judgeCase } from '../../../suites/judging/judge-case.js';
import { normalise } from '../../../suites/judging/outputs.js';
import { dialect } from '../../../suites/properties/kernel/dialect.js';
import { dialectKernel } from '../../kernels/dialects.js';
import { checked } from '../runner/checked.js';
import { caseOf } from './support.js';

const library = createLibrary();
const axes = Object.keys(dialectAxes) as DialectAxis[];
const everyValue = axes.flatMap((axis) => dialectAxes[axis].map((value) => [axis, value] as const));

const made = new Map<string, FullCapabilities>();

/** Capabilities of the reference with changes. Equal changes give the same object, so that its calls are planned once. */
function claims(changes: Partial<Capabilities> = {}): FullCapabilities {
  const key = JSON.stringify(changes);
  const capabilities = made.get(key) ?? resolveCapabilities({ ...onlineCapabilities, dtypes: ['f32'], ...changes }, 'test');
  made.set(key, capabilities);
  return capabilities;
}

type Forward = (call: { case: Case; tensors: Tensors }) => Promise<Tensors>;

async function outputsOf(forward: Forward, capabilities: FullCapabilities, dtype: DType = 'f32'): Promise<Tensors[]> {
  const outputs: Tensors[] = [];
  for (const call of planDialect(capabilities, dtype).calls) {
    const { case: c } = call;
    const answer = await forward({ case: c, tensors: tensorsOf(Claims.of(library, capabilities), c) });
    outputs.push(normalise(call, answer, capabilities, problemOf(Claims.of(library, capabilities), c)));
  }
  return outputs;
}

function infer(answers: readonly ProbeAnswer[], capabilities: FullCapabilities, dtype: DType = 'f32') {
  return inferDialect(planDialect(capabilities, dtype), answers, oracleOf(Claims.of(library, capabilities)));
}

/** Values of eps that float32 cannot tell apart: 1e-10 and less are the same beside features with an error of 2⁻²⁴. */
const tiny = ['1e-10', '1e-12', '0'];
const told = (eps = '1e-6') => (tiny.includes(eps) ? tiny.join(' or ') : eps);

/** Infers the dialect of a forward pass: axis → value, or the status if no value is inferred. */
async function found(forward: Forward, capabilities = claims()): Promise<Record<string, string>> {
  return foundIn(await outputsOf(forward, capabilities), capabilities);
}

function foundIn(answered: readonly Tensors[], capabilities = claims()): Record<string, string> {
  const answers = answered.map((outputs) => ({ outputs }));
  return Object.fromEntries(
    infer(answers, capabilities).map(({ axis, status, values }) => [axis, status === 'inferred' ? values.join(' or ') : status]),
  );
}

const answers = new Map<string, Promise<Tensors[]>>();

/** The outputs of a kernel of this dialect that declares nothing, computed once. */
function outputsIn(behaves: Dialect): Promise<Tensors[]> {
  const key = JSON.stringify(behaves);
  const outputs = answers.get(key) ?? outputsOf(dialectKernel(behaves).forward, claims());
  answers.set(key, outputs);
  return outputs;
}

async function judged(behaves: Dialect, declares: Dialect) {
  const silent = Object.keys(declares).length === 0;
  const capabilities = silent ? claims() : claims({ dialect: declares });
  const results = await (silent ? outputsIn(behaves) : outputsOf(dialectKernel(behaves).forward, capabilities));
  return judgeCase(dialect, { claims: Claims.of(library, capabilities), problemOf, expectationOf }, caseOf(), results).judgement;
}

describe('what is inferred', () => {
  it.each(everyValue)('is %s=%s, and the default of every other axis', async (axis, value) => {
    const expected: Record<string, string> = { ...fullDialect(), [axis]: value };
    expect(foundIn(await outputsIn({ [axis]: value }))).toEqual({ ...expected, defaultEps: told(expected.defaultEps) });
  });

  it('is every eps apart in float64', async () => {
    for (const value of dialectAxes.defaultEps) {
      const wide = claims({ dtypes: ['f64'], operators: ['linear-causal'] });
      const answers = (await outputsOf(dialectKernel({ defaultEps: value }).forward, wide, 'f64')).map((outputs) => ({ outputs }));
      expect(infer(answers, wide, 'f64').find(({ axis }) => axis === 'defaultEps')?.values).toEqual([value]);
    }
    const none = planDialect(claims({ operators: ['softmax'] }), 'f32').axes.find(({ axis }) => axis === 'defaultEps');
    expect(none?.notAsked).toBe('no operator with the option eps is claimed');
  });

  it('is every axis of any combination, whatever is declared', async () => {
    const anyDialect = fc.record(
      Object.fromEntries(axes.map((axis) => [axis, fc.constantFrom(...dialectAxes[axis])])),
    ) as unknown as fc.Arbitrary<Dialect>;
    await fc.assert(
      fc.asyncProperty(anyDialect, anyDialect, async (behaves, declares) => {
        const seen = await found(dialectKernel(behaves).forward, claims({ dialect: declares }));
        // where it sees the keys that were to be hidden, their NaN says nothing
        const says = seen.maskedNaN !== 'not-inferred' || behaves.booleanMask === declares.booleanMask;
        const maskedNaN = says ? behaves.maskedNaN : 'not-inferred';
        expect(seen).toEqual({ ...behaves, maskedNaN, defaultEps: told(behaves.defaultEps) });
      }),
      { numRuns: 2 },
    );
  });

  it('is right of a kernel that is wrong elsewhere', async () => {
    const paddedScale = { defaultScale: () => 1 / 4 };
    expect(await found(dialectKernel({ causal: 'top-left' }, paddedScale).forward)).toMatchObject({
      causal: 'top-left',
      heads: 'grouped',
      window: 'inclusive',
      emptyOutput: 'zero',
      defaultScale: 'not-inferred',
    });
    const lseOff: Partial<typeof standardSteps> = { logSumExp: (a, row) => 1.01 * standardSteps.logSumExp(a, row) };
    expect(await found(dialectKernel({ alibi: 'distance', window: 'exclusive' }, lseOff).forward)).toMatchObject({
      alibi: 'distance',
      window: 'exclusive',
      lseBase: 'not-inferred',
    });
  });

  it('is right of a kernel that is less accurate than it says', async () => {
    const kernel = dialectKernel({ causal: 'top-left', lseBase: '2' });
    const rough: Forward = async (call) =>
      Object.fromEntries(
        Object.entries(await kernel.forward(call)).map(([name, t]) => [
          name,
          tensorOf(
            t.dtype,
            t.shape,
            valuesOf(t).map((x) => x * (1 + 1e-4)),
          ),
        ]),
      );
    expect(await found(rough)).toEqual({ ...fullDialect(), causal: 'top-left', lseBase: '2' });
  });

  /** Forward pass with one dialect for few queries, keys or channels, and another for many. */
  const fromSize = (many: (dims: Case['dims']) => boolean, few: Dialect, then: Dialect): Forward => {
    const [small, large] = [dialectKernel(few), dialectKernel(then)];
    return (call) => (many(call.case.dims) ? large : small).forward(call);
  };

  it.each([
    ['from m = 64', ({ m }: Case['dims']) => m >= 64],
    ['in whole tiles of 64', ({ m }: Case['dims']) => m % 64 === 0],
    ['from n = 200', ({ n }: Case['dims']) => n >= 200],
    ['with 64 channels', ({ d }: Case['dims']) => d === 64],
  ])('is that NaN leaks where it does %s alone, with both answers', async (_, many) => {
    const forward = fromSize(many, {}, { maskedNaN: 'leaks' });
    const findings = infer(
      (await outputsOf(forward, claims())).map((outputs) => ({ outputs })),
      claims(),
    );
    const nan = findings.find(({ axis }) => axis === 'maskedNaN');
    expect(nan).toMatchObject({
      status: 'inferred',
      values: ['leaks'],
      reason: expect.stringMatching(/contradict each other: shielded in .* m=[46] .*; leaks in .*; what leaks anywhere leaks/),
    });
    expect(findings.filter(({ axis, values, declared }) => axis !== 'maskedNaN' && !values.includes(declared))).toEqual([]);
  });

  it.each<[DialectAxis, string]>([
    ['causal', 'top-left'],
    ['emptyOutput', 'nan'],
    ['emptyLse', 'zero'],
    ['window', 'exclusive'],
  ])('is nothing of %s where it depends on the size, and says what it is at either', async (axis, value) => {
    const forward = fromSize(({ m }) => m > 63, {}, { [axis]: value });
    const findings = infer(
      (await outputsOf(forward, claims())).map((outputs) => ({ outputs })),
      claims(),
    );
    expect(findings.find((finding) => finding.axis === axis)).toMatchObject({
      status: 'not-inferred',
      values: [],
      reason: expect.stringMatching(new RegExp(`contradict each other: ${dialectAxes[axis][0]} in .*; ${value} in .* m=\\d{2,}`)),
    });
  });

  it('is no base of the LSE where the sum alone has another logarithm', async () => {
    const mixed: Partial<typeof standardSteps> = {
      logSumExp: (a, row) => (row.sum === 0 ? -Infinity : a.round(row.max + a.round(Math.log2(row.sum)))),
    };
    const forward = dialectKernel({}, mixed).forward;
    const findings = infer(
      (await outputsOf(forward, claims())).map((outputs) => ({ outputs })),
      claims(),
    );
    expect(findings.find(({ axis }) => axis === 'lseBase')).toMatchObject({
      status: 'not-inferred',
      reason: 'one answer is 2, but another fits no value: it is wrong in some other way',
    });
  });

  it('is two values where the outputs are the same', async () => {
    expect(await found(dialectKernel({}).forward, claims({ outputs: ['o'] }))).toMatchObject({
      alibi: 'relative or key',
      lseBase: 'not-asked',
      emptyLse: 'not-asked',
    });
  });

  const filled = (element: () => number): Forward => {
    const kernel = dialectKernel({});
    return async (call) =>
      Object.fromEntries(
        Object.entries(await kernel.forward(call)).map(([name, t]) => [
          name,
          tensorOf(
            t.dtype,
            t.shape,
            valuesOf(t).map(() => element()),
          ),
        ]),
      );
  };

  const constants: [string, () => number][] = [
    ['NaN', () => NaN],
    ['noise', noise()],
    ['zero', () => 0],
    ['infinity', () => Infinity],
  ];
  it.each(constants)('is nothing where every answer is %s', async (name, element) => {
    const answers = await found(filled(element));
    // constant outputs cannot be told from inputs that have no effect
    const { maskedNaN, ...others } = answers;
    expect(new Set(Object.values(others))).toEqual(new Set(['not-inferred']));
    if (name !== 'zero') expect(maskedNaN).toBe('not-inferred');
  });

  it('is nothing where the kernel refuses, and says what it said', () => {
    const capabilities = claims();
    const answers = planDialect(capabilities, 'f32').calls.map(() => ({ refused: 'error: no such thing' }));
    for (const { status, evidence } of infer(answers, capabilities)) {
      expect(status).toBe('not-inferred');
      expect(evidence[0].text).toMatch(/: error: no such thing$/);
    }
  });
});

/** Source of pseudo-random numbers in [-1, 1), a different one at every call. */
function noise(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

describe('the calls', () => {
  const shapes: [string, Partial<Capabilities>][] = [
    ['of the reference', {}],
    ['of one that takes masks as a bias', plainCapabilities],
    ['of one that takes no mask', { masks: ['full'], denseMask: false }],
    ['of a tiled one', { limits: { m: { multipleOf: 16 }, n: { multipleOf: 16 }, d: [16, 32], e: '=d' } }],
    ['of one with as many queries as keys', { limits: { m: '=n' }, grouped: false }],
    ['of one with no more than one batch entry', { limits: { b: { max: 1 } }, options: [] }],
    ['of a causal one', { masks: ['causal'], denseMask: false, excludes: [{ options: { softcap: 1 } }] }],
  ];

  it.each(shapes)('%s keep to what is claimed, and are at most 80', (_, changes) => {
    const capabilities = claims({ ...changes, dtypes: ['f32'], ...(changes.masks && { numeric: {} }) });
    const { calls, axes: planned } = planDialect(capabilities, 'f32');
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThanOrEqual(80);
    for (const { case: c } of calls) {
      expect(withinLimits(capabilities.limits, c.dims)).toBe(true);
      expect(Object.keys(c.options).every((name) => capabilities.options.includes(name))).toBe(true);
      tensorsOf(Claims.of(library, capabilities), c);
    }
    for (const { notAsked, calls: own } of planned) expect(notAsked === undefined).toBe(own.length > 0);
  });

  it('leave out what the kernel does not have, and say why', () => {
    const { axes: planned } = planDialect(
      claims({ masks: ['full'], denseMask: false, outputs: ['o'], options: [], grouped: false }),
      'f32',
    );
    expect(Object.fromEntries(planned.map(({ axis, notAsked }) => [axis, notAsked]))).toEqual({
      booleanMask: 'it takes no boolean mask',
      heads: 'grouped heads are not claimed',
      lseBase: 'it gives no LSE',
      causal: 'it takes no mask with a diagonal by name',
      window: 'it takes no window by name',
      softcap: 'option softcap is not claimed',
      emptyOutput: 'mask padding is not claimed',
      emptyLse: 'it gives no LSE',
      lseSink: 'it gives no LSE',
      alibi: 'option alibi is not claimed',
      defaultScale: undefined,
      defaultEps: undefined,
      maskedNaN: 'no claimed mask hides a key from every query',
    });
  });
});

describe('dialect', () => {
  it('passes a kernel that is what it declares', async () => {
    expect(await judged({}, {})).toEqual({ status: 'pass' });
    const everything = Object.fromEntries(axes.map((axis) => [axis, dialectAxes[axis].at(-1)])) as Dialect;
    expect(await judged(everything, everything)).toEqual({ status: 'pass' });
  });

  it.each(everyValue.filter(([axis, value]) => dialectAxes[axis][0] !== value))(
    'fails a kernel that is %s=%s and declares nothing',
    async (axis, value) => {
      const seen = axis === 'defaultEps' ? told(value) : value;
      expect(await judged({ [axis]: value }, {})).toMatchObject({
        status: 'fail',
        class: 'dialect',
        message: expect.stringContaining(`${axis} is ${seen}, but the default is ${dialectAxes[axis][0]} (`),
        hint: `if this is intended, declare it with --dialect ${axis}=${seen.split(' ')[0]}`,
      });
    },
  );

  it('fails a kernel that is not what it declares', async () => {
    expect(await judged({}, { causal: 'top-left', heads: 'tiled' })).toMatchObject({
      class: 'dialect',
      message: expect.stringMatching(
        /heads is grouped, but the kernel declares tiled .*\. causal is bottom-right, but the kernel declares top-left/,
      ),
      hint: 'if this is intended, declare it with --dialect heads=grouped --dialect causal=bottom-right',
    });
  });

  it('reports the case of the call that shows the deviation, whatever was drawn', async () => {
    const result = await checked(dialectKernel({ heads: 'tiled' }), 'softmax/any/dialect/f32');
    expect(result).toMatchObject({ verdict: 'fail', class: 'dialect', failure: { shrunk: 0, reproduced: 5 } });
    expect(result.failure?.case).toMatchObject({ dims: { hk: 2, g: 2 }, mask: { name: 'full' } });
    expect(result.failure?.call?.case).toEqual(result.failure?.case);
    const lines = describeFailure(result, { colors: false, out: 'out', sources: {} });
    expect(lines.filter((line) => line.includes('hk='))[0]).toMatch(/^case +b=1 hk=2 g=2 /);
    expect(lines.find((line) => line.startsWith('call'))).toMatch(/^call +\d+ of \d+, forward$/);
  });
});
