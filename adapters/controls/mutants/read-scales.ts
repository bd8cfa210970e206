import { secondForm } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import type { Problem } from '../../../spec/oracle/problem.js';
import { expanded } from '../../../spec/program/macros.js';
import type { Operator } from '../../../spec/types/documents.js';
import { type Mutant, mutantsOf } from './lib/mutant.js';

/** Mutants of kernels that read the scales of a quantised cache wrongly. */
export const readScalesMutants: readonly Mutant[] = mutantsOf('Operators: cache', [
  mutant(
    'key-scale-dropped-on-decode',
    'with one query, keys are not multiplied with their scale',
    'a k_descale that one of two paths of a kernel is not handed',
    (problem) => (problem.inputs.q.shape.at(-2) === 1 ? withScales(problem, (scales) => scales.map(() => 1)) : problem),
  ),
  mutant(
    'scale-of-the-wrong-head',
    'keys of a head have the scale of the next head',
    'a scale that is indexed by query head, or by the place of a head on another rank',
    (problem) => withScales(problem, (scales) => scales.map((_, head) => scales[(head + 1) % scales.length])),
  ),
]);

function mutant(id: string, title: string, imitates: string, read: (problem: Problem) => Problem): Omit<Mutant, 'class'> {
  const right = secondForm(expanded(operatorDocuments.find(({ name }) => name === 'fp8-cache') as Operator)) as Operator;
  return { id: `fp8-cache-${id}`, title, imitates, operators: ['fp8-cache'], fault: { form: { right, operator: right, read } } };
}

/** The problem with other scales of the keys. */
function withScales(problem: Problem, change: (scales: Float64Array) => Float64Array): Problem {
  const { keyScale } = problem.inputs;
  return { ...problem, inputs: { ...problem.inputs, keyScale: { ...keyScale, data: change(keyScale.data) } } };
}
