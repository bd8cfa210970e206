import { secondForm } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import type { Problem } from '../../../spec/problem.js';
import { expanded } from '../../../spec/program/macros.js';
import { sizeOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { Operator } from '../../../spec/types/documents.js';
import { type Mutant, mutantsOf } from './lib/mutant.js';

const VALUE_SCALES = 'https://github.com/vllm-project/vllm/issues/50084';

/** Mutants that read the scales of a quantised cache wrongly. */
export const readScalesMutants: readonly Mutant[] = mutantsOf('Operators: cache', [
  mutant(
    'fp8-cache',
    'key-scale-dropped-on-decode',
    'with one query, keys are not multiplied with their scale',
    'a k_descale that is passed to only one of two paths of a kernel',
    (problem) => (problem.inputs.q.shape.at(-2) === 1 ? withScales(problem, 'keyScale', (scales) => scales.data.map(() => 1)) : problem),
  ),
  mutant(
    'fp8-cache',
    'scale-of-the-wrong-head',
    'keys of a head have the scale of the next head',
    'a scale that is indexed by query head, or by the index of a head on another rank',
    (problem) => withScales(problem, 'keyScale', ({ data }) => data.map((_, head) => data[(head + 1) % data.length])),
  ),
  mutant(
    'nvfp4-cache',
    'value-scales-swizzled',
    'scales of values are read as if the four tokens of a group lay next to each other; scales of keys are read correctly',
    VALUE_SCALES,
    (problem) => withScales(problem, 'valueScale', fromGroupsOfTokens),
  ),
  mutant(
    'nvfp4-cache-swizzled',
    'value-scales-linear',
    'scales of values are read row by row, scales of keys from the tiles in which both are stored',
    VALUE_SCALES,
    (problem) => withScales(problem, 'valueScale', fromRows),
  ),
]);

function mutant(name: string, id: string, title: string, imitates: string, read: (problem: Problem) => Problem): Omit<Mutant, 'class'> {
  const right = secondForm(expanded(operatorDocuments.find((operator) => operator.name === name) as Operator)) as Operator;
  return { id: `${name}-${id}`, title, imitates, operators: [name], fault: { form: { right, operator: right, read } } };
}

function withScales(problem: Problem, name: string, change: (scales: Float64Tensor) => Float64Array): Problem {
  const scales = problem.inputs[name];
  return { ...problem, inputs: { ...problem.inputs, [name]: { ...scales, data: change(scales) } } };
}

/** Tokens with adjacent scales of a block, in the misread layout. */
const GROUP = 4;

/** Reads scales [b, hk, n, blocks] as if groups of four tokens were stored [blocks, 4]. */
function fromGroupsOfTokens({ shape, data }: Float64Tensor): Float64Array {
  const [tokens, blocks] = shape.slice(-2);
  return data.map((own, at) => {
    const token = Math.floor(at / blocks) % tokens;
    if (token - (token % GROUP) + GROUP > tokens) return own;
    const start = at - (token % GROUP) * blocks - (at % blocks);
    return data[start + (at % blocks) * GROUP + (token % GROUP)];
  });
}

/** Reads scales [b, hk, token tiles, block tiles, 32, 4, 4] as if heads were stored row by row. */
function fromRows({ shape, data }: Float64Tensor): Float64Array {
  const [rowTiles, columnTiles, inner, outer, columns] = shape.slice(-5);
  const head = sizeOf(shape.slice(-5));
  const width = columnTiles * columns;
  return data.map((_, at) => {
    let rest = at % head;
    const next = (size: number) => {
      const place = rest % size;
      rest = (rest - place) / size;
      return place;
    };
    const [c, f, t, columnTile, rowTile] = [next(columns), next(outer), next(inner), next(columnTiles), next(rowTiles)];
    const row = (rowTile * outer + f) * inner + t;
    return data[at - (at % head) + row * width + columnTile * columns + c];
  });
}
