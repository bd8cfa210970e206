import type { CarriedState } from '../../../../spec/operator/carried-state.js';
import { flatAxesOf } from '../../../../spec/operator/facts.js';
import type { Expectation, Expected } from '../../../../spec/problem.js';
import type { DType } from '../../../../spec/tensor/dtype.js';
import { roundedTo } from '../../../../spec/tensor/float-bits.js';
import { placeAlong } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import { plain, TokenParts } from './parts.js';

const chunks = [8, 16, 32, 64, 128, 256];
const narrow: readonly DType[] = ['bf16', 'f16'];

/** Chunks that begin with a wrong state, chunks left out, and states rounded between chunks. */
export function* chunkHypotheses(subject: Subject, carried: CarriedState): Generator<ProblemHypothesis> {
  const { problem } = subject;
  const parts = new TokenParts(subject, carried);
  const { tokens } = parts;
  const initial = problem.inputs[carried.input];
  const hypothesis = (
    text: string,
    size: number | undefined,
    outputs: (answer: Expectation) => Expectation['outputs'],
  ): ProblemHypothesis => ({
    text,
    ...(size !== undefined && { size }),
    problem,
    after: (answer) => ({ ...answer, outputs: outputs(answer) }),
  });
  for (const size of chunks.filter((c) => c < tokens)) {
    yield hypothesis(
      'a kernel in which every chunk of {} tokens but the first begins with a state of zeros: the state is not passed on',
      size,
      () => parts.run(size, (before) => (before ? undefined : initial)),
    );
    if (initial)
      yield hypothesis(
        'a kernel in which every chunk of {} tokens begins with the initial state again: the state is not passed on',
        size,
        () => parts.run(size, () => initial),
      );
  }
  for (const size of chunks.filter((c) => tokens % c !== 0)) {
    const whole = tokens - (tokens % size);
    const state = (): Expected | undefined =>
      whole === 0 ? startOf(subject, carried, initial) : plain(parts.part(0, whole, initial)[carried.output]);
    const lost = ({ outputs }: Expectation) => ({ ...outputs, [carried.output]: state() ?? outputs[carried.output] });
    yield hypothesis('a kernel whose final state lacks the last chunk of {} tokens if it is not full', size, lost);
    yield hypothesis(
      'a kernel that leaves out the last chunk of {} tokens if it is not full: its outputs are 0, and the state lacks it',
      size,
      (answer) => cutOff(subject, lost(answer), whole),
    );
    yield hypothesis('a kernel that leaves the outputs of the last chunk of {} tokens 0 if it is not full', size, ({ outputs }) =>
      cutOff(subject, outputs, whole),
    );
  }
  for (const dtype of narrow) {
    const rounded = (before: Float64Tensor | undefined) => (before ? inType(dtype, before) : initial);
    const ended = (outputs: Expectation['outputs']) =>
      withState(carried, outputs, (state) => ({ ...state, value: roundedTo(dtype, state.value) }));
    yield hypothesis(`a kernel whose state is kept in ${dtype} from token to token`, undefined, () => ended(parts.run(1, rounded)));
    if (initial)
      yield hypothesis(`a kernel whose state is kept in ${dtype} from token to token, the initial one too`, undefined, () =>
        ended(parts.run(1, (before) => inType(dtype, before ?? initial))),
      );
    for (const size of chunks.filter((c) => c < tokens))
      yield hypothesis(`a kernel whose state is kept in ${dtype} from one chunk of {} tokens to the next`, size, () =>
        ended(parts.run(size, rounded)),
      );
    yield hypothesis(`a kernel that passes the final state on in ${dtype}`, undefined, ({ outputs }) => ended(outputs));
  }
}

function startOf({ problem, evaluate }: Subject, { output }: CarriedState, initial: Float64Tensor | undefined): Expected | undefined {
  if (initial) return { shape: initial.shape, value: initial.data, bound: new Float64Array(initial.data.length) };
  const { shape, value } = evaluate(problem, false).outputs[output];
  return { shape, value: new Float64Array(value.length), bound: new Float64Array(value.length) };
}

function inType(dtype: DType, { shape, data }: Float64Tensor): Float64Tensor {
  return { shape, data: roundedTo(dtype, data) };
}

function withState(
  { output }: CarriedState,
  outputs: Expectation['outputs'],
  change: (state: Expected) => Expected,
): Expectation['outputs'] {
  return { ...outputs, [output]: change(plain(outputs[output])) };
}

function cutOff({ problem: { operator } }: Subject, outputs: Expectation['outputs'], tokens: number): Expectation['outputs'] {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, expected]) => {
      const axis = flatAxesOf(operator.outputs[name]).indexOf('n');
      if (axis < 0) return [name, expected];
      const place = placeAlong(expected.shape, axis);
      const { shape, value, bound } = plain(expected);
      const kept = (x: Float64Array) => x.map((own, at) => (place(at) < tokens ? own : 0));
      return [name, { shape, value: kept(value), bound: kept(bound) }];
    }),
  );
}
