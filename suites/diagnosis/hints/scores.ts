import type { Problem } from '../../../spec/problem.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

const tiles = [4, 8, 16, 32, 64, 128];

/** Wrong terms of the scores, and keys or sinks counted too often. */
export function* scoreHypotheses({ problem }: Subject): Generator<ProblemHypothesis> {
  const { dims, options } = problem.case;
  const { sink, alibi, bias } = problem.inputs;
  const changed = (text: string, inputs: Problem['inputs']): ProblemHypothesis => ({
    text,
    problem: { ...problem, inputs: { ...problem.inputs, ...inputs } },
  });
  if (sink) yield changed('a sink counted twice', { sink: mapped(sink, (x) => x + Math.LN2) });
  yield changed('sums that count an extra key with score 0', { sink: beside(problem, 1) });
  for (const tile of tiles) {
    if (dims.n % tile === 0) continue;
    const text = 'sums that count the rest of the last tile of {} keys with score 0';
    yield { ...changed(text, { sink: beside(problem, tile - (dims.n % tile)) }), size: tile };
  }
  if (alibi) {
    yield changed('ALiBi with the opposite sign', { alibi: mapped(alibi, (x) => -x) });
    for (const [text, places] of [
      ['ALiBi counted from the key after the query', -1],
      ['ALiBi counted from the key before the query', 1],
    ] as const) {
      yield changed(text, { bias: addedPerHead(problem, bias, (h) => places * alibi.data[h]) });
    }
  }
  if (bias) {
    const scale = typeof options.scale === 'number' ? options.scale : 1 / Math.sqrt(dims.d);
    yield changed('a bias multiplied by the scale', { bias: mapped(bias, (x) => x * scale) });
    yield changed('a bias multiplied by the default scale', { bias: mapped(bias, (x) => x / Math.sqrt(dims.d)) });
    yield changed('a bias with the opposite sign', { bias: mapped(bias, (x) => (x === -Infinity ? x : -x)) });
  }
}

/** Sink that also counts `keys` keys of score 0. */
function beside({ case: { dims }, inputs: { sink } }: Problem, keys: number): Float64Tensor {
  const heads = dims.hk * dims.g;
  const more = Math.log(keys);
  if (!sink) return { shape: [heads], data: new Float64Array(heads).fill(more) };
  return mapped(sink, (x) => Math.max(x, more) + Math.log1p(Math.exp(-Math.abs(x - more))));
}

function mapped({ shape, data }: Float64Tensor, change: (x: number) => number): Float64Tensor {
  return { shape, data: data.map(change) };
}

function addedPerHead({ case: { dims } }: Problem, bias: Float64Tensor | undefined, of: (h: number) => number): Float64Tensor {
  const heads = dims.hk * dims.g;
  const [b, own, m, n] = bias?.shape ?? [1, 1, 1, dims.n];
  const data = new Float64Array(b * heads * m * n);
  for (let at = 0; at < data.length; at++) {
    const h = Math.floor(at / (m * n)) % heads;
    const batch = Math.floor(at / (heads * m * n));
    data[at] = of(h) + (bias?.data[(batch * own + (own === 1 ? 0 : h)) * m * n + (at % (m * n))] ?? 0);
  }
  return { shape: [b, heads, m, n], data };
}
