import { type CarriedState, carriedState, packedSegments } from '../../../../spec/operator/carried-state.js';
import { declaredAxes, flatAxesOf, inputsOf } from '../../../../spec/operator/facts.js';
import type { Expectation, Problem } from '../../../../spec/problem.js';
import { placeAlong, sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import { chunkHypotheses } from './chunks.js';
import { plain } from './parts.js';
import { recurrenceOf } from './recurrence.js';
import { stepHypotheses } from './steps.js';

const edges = ['own', 'wrapped', 'zero'] as const;

/** Each token reads an input's row of its neighbour. */
function* tokenHypotheses(problem: Problem): Generator<ProblemHypothesis> {
  const { operator, inputs } = problem;
  const facts = inputsOf(operator);
  for (const [name, axes] of Object.entries(declaredAxes(operator))) {
    const axis = flatAxesOf(axes).indexOf('n');
    const input = inputs[name];
    if (!input || axis < 0 || input.shape[axis] < 2 || facts[name].kind !== 'number') continue;
    for (const [step, other] of [
      [-1, 'before'],
      [1, 'after'],
    ] as const) {
      // no document says which row the token at the edge reads
      for (const edge of edges)
        yield {
          text: `a kernel where each token reads ${name} of the token ${other} it`,
          problem: { ...problem, inputs: { ...inputs, [name]: shiftedBy(input, axis, step, edge) } },
        };
    }
  }
}

function shiftedBy({ shape, data }: Float64Tensor, axis: number, step: number, edge: (typeof edges)[number]): Float64Tensor {
  const inner = sizeOf(shape.slice(axis + 1));
  const place = placeAlong(shape, axis);
  const size = shape[axis];
  return {
    shape,
    data: data.map((own, at) => {
      const from = place(at) + step;
      if (from >= 0 && from < size) return data[at + step * inner];
      if (edge === 'zero') return 0;
      return edge === 'own' ? own : data[at + (((from + size) % size) - place(at)) * inner];
    }),
  };
}

/** Axes outside a state's matrix. */
const outer: readonly string[] = ['b', 'hk', 'g'];

/** States read or written with rows and columns swapped. */
function* layoutHypotheses(problem: Problem, { input, output }: CarriedState): Generator<ProblemHypothesis> {
  const { operator, inputs } = problem;
  const [row, column] = inputsOf(operator)[input].axes.slice(-2);
  if (column === undefined || outer.includes(row) || outer.includes(column)) return;
  const given = inputs[input];
  const order = `[${row}, ${column}]`;
  const other = `[${column}, ${row}]`;
  const read = given && { ...problem, inputs: { ...inputs, [input]: { shape: given.shape, data: asRead(given.data, given.shape) } } };
  const after = (answer: Expectation): Expectation => {
    const { shape, value, bound } = plain(answer.outputs[output]);
    const flat = shape.with(-1, shape[shape.length - 2]).with(-2, shape[shape.length - 1]);
    return { ...answer, outputs: { ...answer.outputs, [output]: { shape, value: asRead(value, flat), bound: asRead(bound, flat) } } };
  };
  if (read) {
    yield { text: `a kernel that reads ${input} as ${other}, where it is ${order}: the state is transposed`, problem: read };
    yield { text: `a kernel that reads ${input} and writes ${output} as ${other}, where they are ${order}`, problem: read, after };
  }
  yield { text: `a kernel that writes ${output} as ${other}, where it is ${order}: the state is transposed`, problem, after };
}

/** Reads matrices stored as [.., columns, rows] as [.., rows, columns]. */
function asRead(data: Float64Array, shape: readonly number[]): Float64Array {
  const [rows, columns] = shape.slice(-2);
  const size = sizeOf([rows, columns]);
  return data.map((_, at) => {
    const [first, place] = [at - (at % size), at % size];
    return data[first + (place % columns) * rows + Math.floor(place / columns)];
  });
}

/** Faults of kernels that carry a state from token to token. */
export function* stateHypotheses(subject: Subject): Generator<ProblemHypothesis> {
  const { problem, backward } = subject;
  const carried = carriedState(problem.operator);
  if (!carried) return;
  const recurrence = recurrenceOf(problem.operator);
  if (recurrence) yield* stepHypotheses(problem, recurrence);
  if (backward || problem.case.parallel || problem.case.packed || problem.case.history) return;
  yield* headsInTurn(subject);
  yield* layoutHypotheses(problem, carried);
  yield* tokenHypotheses(problem);
  if (!packedSegments(problem.operator)) yield* chunkHypotheses(subject, carried);
}

function* headsInTurn({ problem }: Subject): Generator<ProblemHypothesis> {
  const { hk, g } = problem.case.dims;
  const isShared = Object.values(declaredAxes(problem.operator)).some((axes) => axes.includes('g'));
  if (hk === 1 || g === 1 || !isShared || problem.dialect.heads === 'tiled') return;
  yield {
    text: 'a kernel whose head h reads key head h mod Hk instead of h div G, which neighbouring heads share',
    declare: '--dialect heads=tiled',
    problem: { ...problem, dialect: { ...problem.dialect, heads: 'tiled' } },
  };
}
