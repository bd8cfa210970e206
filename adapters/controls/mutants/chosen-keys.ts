import { secondForm } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import type { Problem } from '../../../spec/problem.js';
import { expanded } from '../../../spec/program/macros.js';
import { sizeOf } from '../../../spec/tensor/tensor.js';
import type { Operator, Term } from '../../../spec/types/documents.js';
import { applicationsOf } from './documents/places.js';
import { type FaultyForm, type Mutant, mutantsOf } from './lib/mutant.js';

/** Mutants of kernels with chosen keys: by indices, block lists or a tree. */
export const chosenKeysMutants: readonly Mutant[] = [
  ...mutantsOf('Operators: sparse', [
    ...['gathered', 'block-lists'].map((name) =>
      mutant(
        name,
        'indices-of-another-query',
        'a query reads the indices of the query before it',
        'https://github.com/huggingface/transformers/issues/45758',
        {
          read: (problem) =>
            changed(problem, 'at', (data, [, , m, t]) => data.map((_, at) => data[Math.floor(at / t) % m === 0 ? at : at - t])),
        },
      ),
    ),
    mutant(
      'block-lists',
      'duplicates-twice',
      'a block that two slots name counts twice',
      'a kernel that goes through the slots of a list, where its reference scatters them into a mask',
      { operator: everySlot(formOf('block-lists')) },
    ),
    mutant(
      'gathered',
      'duplicates-once',
      'a key that two slots name counts once',
      'a kernel that scatters the slots into a mask, where its reference goes through them',
      { operator: onceEach(formOf('gathered')) },
    ),
  ]),
  ...mutantsOf('Operators: softmax', [
    mutant(
      'tree-attention',
      'tree-ignored-below-the-diagonal',
      'the tree is ignored where a causal mask hides no key',
      'https://github.com/PaddlePaddle/FastDeploy/pull/3514',
      {
        read: (problem) =>
          changed(problem, 'tree', (data, [, m, n]) => data.map((x, at) => ((at % n) - (Math.floor(at / n) % m) <= n - m ? 1 : x))),
      },
    ),
  ]),
];

function mutant(name: string, id: string, title: string, imitates: string, fault: Partial<FaultyForm>): Omit<Mutant, 'class'> {
  const right = formOf(name);
  return { id: `${name}-${id}`, title, imitates, operators: [name], fault: { form: { right, operator: right, ...fault } } };
}

function formOf(name: string): Operator {
  return secondForm(expanded(operatorDocuments.find((operator) => operator.name === name) as Operator)) as Operator;
}

/** Drops the weights 1/(number of slots), by which adjacent blocks count once. */
function everySlot(operator: Operator): Operator {
  return without(operator, 'sub', ([, x]) => x);
}

/** Limits the number of slots that name a key to 1. */
function onceEach(operator: Operator): Operator {
  return without(operator, 'scatter', (term) => ['where', ['positive', term as unknown as Term], 1, 0]);
}

/** Replaces the first application of a primitive. */
function without(operator: Operator, primitive: string, other: (term: readonly [string, ...Term[]]) => Term): Operator {
  const [place] = applicationsOf(operator.program, primitive);
  return { ...operator, program: place.with(other(place.term)) as Operator['program'] };
}

function changed(problem: Problem, name: string, change: (data: Float64Array, shape: readonly number[]) => Float64Array): Problem {
  const t = problem.inputs[name];
  if (!t || sizeOf(t.shape) === 0) return problem;
  return { ...problem, inputs: { ...problem.inputs, [name]: { ...t, data: change(t.data, t.shape) } } };
}
