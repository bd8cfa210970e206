import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { drawCase } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { differentiableInputs, inputsOf, listedMasks, optionalNames } from '../../../spec/operator/facts.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import { tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Layout, Operator } from '../../../spec/types/documents.js';
import { expectedOf } from '../../../suites/expected/expected.js';
import type { OwnProblem } from '../../../suites/expected/own-problem.js';
import { UsageError } from '../../../suites/lib/usage-error.js';
import { asksAll, someOperators } from '../../some.js';

const library = createLibrary();

function claimsOf(operator: Operator, layout: Layout): Claims {
  const outputs = Object.keys(operator.outputs);
  const capabilities = {
    dtypes: ['f32'],
    operators: [operator.name],
    masks: listedMasks(operator) ?? ['full', 'causal'],
    options: optionalNames(operator),
    outputs,
    gradients: differentiableInputs(operator),
    layouts: [layout],
  } as unknown as Capabilities;
  return Claims.of(library, resolveCapabilities(capabilities, 'the test'));
}

/** A drawn case with its tensors as a kernel gets them, and as a question about tensors of one's own. */
function drawn(operator: Operator, layout: Layout, seed: number) {
  const claims = claimsOf(operator, layout);
  const gradients = differentiableInputs(operator).length > 0;
  const mask = (listedMasks(operator) ?? ['causal'])[0];
  const c = drawCase(caseArbitrary(claims, { operator: operator.name, mask, dtype: 'f32', needs: {} }), seed)?.value;
  if (c === undefined) return undefined;
  const tensors = tensorsOf(claims, c, gradients ? 'backward' : 'forward');
  const numbers = Object.entries(c.options).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  const own: OwnProblem = {
    library,
    operator,
    tensors: named(operator, tensors),
    layout: c.layout,
    mask: c.mask,
    options: Object.fromEntries(numbers),
    dialect: c.dialect ?? {},
    numeric: undefined,
  };
  return { claims, c, own, gradients };
}

/** The tensors without those that a mask brings along. */
function named(operator: Operator, tensors: Tensors): Tensors {
  const known = [...Object.keys(inputsOf(operator)), ...Object.keys(operator.outputs).map((output) => `d${output}`), 'cu_q', 'cu_k'];
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => known.includes(name)));
}

const softmax = library.operators.get('softmax') as Operator;

describe('the expected outputs of tensors of one’s own', () => {
  test.prop([fc.constantFrom(...someOperators()), fc.constantFrom<Layout>('bhld', 'blhd'), fc.nat(1000)], { numRuns: 60 })(
    'are those of the case that they were drawn for, for any operator and layout',
    (name, layout, seed) => {
      const one = drawn(library.operators.get(name) as Operator, layout, seed);
      fc.pre(one !== undefined && one.c.values.rows === undefined);
      const { claims, c, own, gradients } = one as NonNullable<typeof one>;
      const { tensors } = expectedOf(own);
      for (const backward of gradients ? [false, true] : [false])
        for (const [output, { value }] of Object.entries(expectationOf(problemOf(claims, c, backward), backward).outputs)) {
          const sorted = (values: Float64Array) => [...values].sort((a, b) => a - b);
          expect(sorted(valuesOf(tensors[`expected.${output}`]))).toEqual(sorted(value));
        }
    },
  );

  it.skipIf(asksAll)('judges the outputs among them', () => {
    const { own } = drawn(softmax, 'bhld', 5) as NonNullable<ReturnType<typeof drawn>>;
    const { tensors } = expectedOf(own);
    const right = tensorOf('f32', tensors['expected.o'].shape, valuesOf(tensors['expected.o']));
    const pass = expectedOf({ ...own, tensors: { ...own.tensors, o: right } }).judged;
    expect(pass.map(({ judgement }) => judgement.status)).toEqual(['pass']);
    const doubled = tensorOf(
      'f32',
      right.shape,
      valuesOf(right).map((x) => 2 * x + 1),
    );
    const [wrong] = expectedOf({ ...own, tensors: { ...own.tensors, o: doubled } }).judged;
    expect(wrong.judgement).toMatchObject({ status: 'fail', output: 'o' });
  });

  it.skipIf(asksAll)('takes a mask as a tensor', () => {
    const q = tensorOf('f32', [1, 1, 2, 1], [0, 0]);
    const v = tensorOf('f32', [1, 1, 2, 1], [1, 3]);
    const own = {
      library,
      operator: softmax,
      layout: 'bhld',
      mask: { name: 'full' },
      options: {},
      dialect: {},
      numeric: undefined,
    } as const;
    const mask = { ...tensorOf('f32', [1, 1, 2, 2], [1, 0, 1, 1]), dtype: 'bool' as const, data: Uint8Array.of(1, 0, 1, 1) };
    expect([...valuesOf(expectedOf({ ...own, tensors: { q, k: q, v, mask } }).tensors['expected.o'])]).toEqual([1, 2]);
  });

  it.skipIf(asksAll).each<[string, Tensors, RegExp]>([
    ['a missing input', { q: tensorOf('f32', [1, 1, 1, 1], [0]) }, /missing: k, v/],
    ['an unknown name', { query: tensorOf('f32', [1], [0]) }, /query: softmax has no tensor of this name/],
    [
      'two sizes of one axis',
      { q: tensorOf('f32', [1, 1, 1, 1], [0]), k: tensorOf('f32', [1, 1, 1, 2], [0, 0]), v: tensorOf('f32', [1, 1, 1, 1], [0]) },
      /axis d is 2 here, but 1 in q/,
    ],
  ])('refuse %s', (_, tensors, message) => {
    const ask = () =>
      expectedOf({
        library,
        operator: softmax,
        tensors,
        layout: 'bhld',
        mask: { name: 'full' },
        options: {},
        dialect: {},
        numeric: undefined,
      });
    expect(ask).toThrow(UsageError);
    expect(ask).toThrow(message);
  });
});
