import { axesOf, flatAxesOf, secondForm } from '../../../spec/operator/facts.js';
import { afterOf, isLoop } from '../../../spec/operator/loops.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import type { Problem } from '../../../spec/problem.js';
import { expanded } from '../../../spec/program/macros.js';
import { placeAlong, sizeOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { Loop, Operator, Statement } from '../../../spec/types/documents.js';
import { exchanged } from './documents/misread.js';
import { type FaultyForm, type Mutant, mutantsOf } from './lib/mutant.js';

/** Square states, so that shapes do not tell the axes apart. */
const square = { e: '=d' };

/** Mutants of recurrences that pass a state from token to token. */
export const recurrenceMutants: readonly Mutant[] = ['gated-delta', 'kda'].flatMap((name) => {
  const right = recurrenceOf(name);
  const mutant = (id: string, title: string, imitates: string, fault: Partial<FaultyForm>) => ({
    id: `${name}-${id}`,
    title,
    imitates,
    operators: [name] as [string],
    fault: { form: { right, operator: right, ...fault } },
  });
  return mutantsOf('Operators: linear', [
    mutant('state-in-bf16', 'the state is kept in bfloat16 from token to token', 'https://github.com/ollama/ollama/issues/15865', {
      operator: keptInBf16(right),
    }),
    mutant(
      'value-heads-in-turn',
      'value heads are assigned to the key heads in turn, instead of neighbours sharing one',
      'a model with more value heads than key heads, whose kernel takes key head h mod Hk for h div G',
      { read: (problem) => ({ ...problem, inputs: inTurn(problem, problem.inputs) }), answer: inOrder },
    ),
    mutant('initial-state-transposed', 'the initial state is read transposed', 'https://github.com/gittensor-ai-lab/sparkinfer/pull/615', {
      limits: square,
      read: (problem) => ({ ...problem, inputs: transposed(problem.inputs, 'initial') }),
    }),
    mutant(
      'final-state-transposed',
      'the final state is returned transposed',
      'a prefill kernel that writes the state in the layout of another decode kernel',
      { limits: square, answer: (_, outputs) => transposed(outputs, 'state', 'value') },
    ),
  ]);
});

/** Returns the form of a document with a loop over tokens that outputs the last state. */
function recurrenceOf(name: string): Operator {
  const document = expanded(operatorDocuments.find((operator) => operator.name === name) as Operator);
  const { second: _, ...first } = document;
  const hasEnd = ({ program }: Operator) => program.some(([, term]) => isLoop(term) && term[4].end !== undefined);
  return [first, secondForm(document) as Operator].find(hasEnd) as Operator;
}

/** Rounds states to 8 bits after each step, by x·(2¹⁶ + 1) in float32 (Veltkamp's splitting). */
function keptInBf16(operator: Operator): Operator {
  const short = (term: Loop): Loop => {
    const [kind, along, states, statements, results] = term;
    const after = afterOf(term);
    const rounded = after.flatMap(([state, next]): Statement[] => [
      [`${state} shifted`, ['scale', 2 ** 16 + 1, next]],
      [`${state} rest`, ['sub', `${state} shifted`, next]],
      [`${state} short`, ['sub', `${state} shifted`, `${state} rest`]],
    ]);
    const next = Object.fromEntries(after.map(([state]) => [state, `${state} short`]));
    return [kind, along, states, [...statements, ...rounded], { ...results, after: next }] as Loop;
  };
  const program = operator.program.map(([name, term, ...rest]) => [name, isLoop(term) ? short(term) : term, ...rest]);
  return { ...operator, program: program as Operator['program'] };
}

/** Exchanges the last two axes of one tensor. @param key key of the elements. */
function transposed<T extends { readonly shape: readonly number[] }>(
  tensors: Readonly<Record<string, T>>,
  name: string,
  key: 'data' | 'value' = 'data',
): Record<string, T> {
  const t = tensors[name];
  if (!t) return { ...tensors };
  const data = (t as T & Record<string, Float64Array>)[key];
  const other = exchanged({ shape: t.shape, data }, t.shape.length - 2, t.shape.length - 1);
  return { ...tensors, [name]: { ...t, [key]: other.data } };
}

/** Permutes inputs for a kernel with key head h mod Hk: head h lies at (h mod Hk)·G + h div Hk. */
function inTurn({ operator, case: { dims } }: Problem, inputs: Problem['inputs']): Problem['inputs'] {
  const { hk, g } = dims;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, t]) => {
      const data = moved(operator, name, t.shape, t.data, hk * g, (h) => (h % g) * hk + Math.floor(h / g));
      return [name, { ...t, data } satisfies Float64Tensor];
    }),
  );
}

function inOrder({ operator, case: { dims } }: Problem, outputs: Parameters<NonNullable<FaultyForm['answer']>>[1]) {
  const { hk, g } = dims;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, t]) => {
      const value = moved(operator, name, t.shape, t.value, hk * g, (h) => (h % hk) * g + Math.floor(h / hk));
      return [name, { ...t, value }];
    }),
  );
}

/** Permutes query heads; returns tensors without query heads unchanged. */
function moved(
  operator: Operator,
  name: string,
  shape: readonly number[],
  data: Float64Array,
  heads: number,
  from: (h: number) => number,
): Float64Array {
  const at = flatAxesOf(axesOf(operator, name) ?? []).indexOf('h');
  if (at < 0 || shape[at] !== heads) return data;
  const step = sizeOf(shape.slice(at + 1));
  const place = placeAlong(shape, at);
  return data.map((_, i) => data[i + (from(place(i)) - place(i)) * step]);
}
