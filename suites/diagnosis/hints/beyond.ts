import type { Expectation, Problem } from '../../../spec/problem.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import { unravel } from '../../judging/compared.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';
import { seeing } from './visibility/seeing.js';

const tiles = [4, 8, 16, 32, 64, 128];

/** Extra keys that every query sees: the next head's memory, or rows left by the tile before. */
export function* beyondHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  const { case: c, inputs, mask } = problem;
  const { b, hk, n } = c.dims;
  // ALiBi positions and bias rows end with the keys
  const untold = Boolean(mask.segmentOf || c.layout === 'thd' || c.block || inputs.alibi || inputs.bias || c.views?.k || c.views?.v);
  if (backward) return;
  const next = (text: string, count: number, size?: number): ProblemHypothesis => ({
    text: `a kernel where ${text}`,
    ...(size !== undefined && { size }),
    untold: untold || b * hk === 1,
    problem: untold ? problem : longer(problem, count, (values) => nextInMemory(values, c.layout === 'blhd')),
    byRow: true,
    decided: 0.3,
    after: (answer) => undecidedAtEnd(problem, answer, c.layout === 'blhd'),
  });
  yield next('every query attends to one key too many, the next one in memory', 1);
  for (const tile of tiles)
    if (n % tile !== 0) yield next('the last tile of {} keys is read to its end, past the last key', tile - (n % tile), tile);
  for (const tile of tiles) {
    if (n < tile || n % tile === 0) continue;
    yield {
      text: 'a kernel where the rest of the last tile of {} keys holds keys of the tile before',
      size: tile,
      untold,
      problem: untold ? problem : longer(problem, tile - (n % tile), (values) => ofTileBefore(values, tile)),
    };
  }
}

/** Adds `count` visible keys. `rest` gives the row to copy for each; undefined leaves zeros. */
function longer(
  problem: Problem,
  count: number,
  rest: (values: Float64Tensor) => (head: number, row: number) => number | undefined,
): Problem {
  const { case: c, inputs, mask } = problem;
  const { n } = c.dims;
  const extended = (values: Float64Tensor): Float64Tensor => {
    const [b, hk, , width] = values.shape;
    const from = rest(values);
    const data = new Float64Array(b * hk * (n + count) * width);
    for (let head = 0; head < b * hk; head++) {
      const at = head * (n + count) * width;
      data.set(values.data.subarray(head * n * width, (head + 1) * n * width), at);
      for (let x = 0; x < count; x++) {
        const row = from(head, x);
        if (row !== undefined) data.set(values.data.subarray(row * width, (row + 1) * width), at + (n + x) * width);
      }
    }
    return { shape: [b, hk, n + count, width], data };
  };
  const same = {
    ...problem,
    case: { ...c, dims: { ...c.dims, n: n + count } },
    inputs: { ...inputs, k: extended(inputs.k), v: extended(inputs.v) },
    mask: { ...mask, n: n + count },
  };
  return seeing(same, { visible: (b, h, i, j) => j >= n || mask.visible(b, h, i, j) });
}

/** Row that lies x rows after a head's last one in memory; undefined after the tensor's end. */
function nextInMemory({ shape: [b, hk, n] }: Float64Tensor, sequenceFirst: boolean) {
  return (head: number, x: number): number | undefined => {
    if (!sequenceFirst) return head * n + n + x < b * hk * n ? head * n + n + x : undefined;
    const entry = Math.floor(head / hk) + 1 + Math.floor(x / n);
    return entry < b ? (entry * hk + (head % hk)) * n + (x % n) : undefined;
  };
}

function ofTileBefore({ shape: [, , n] }: Float64Tensor, tile: number) {
  return (head: number, x: number) => head * n + n + x - tile;
}

function undecidedAtEnd({ case: c }: Problem, answer: Expectation, sequenceFirst: boolean): Expectation {
  const { b, hk, g, e } = c.dims;
  const { o, lse } = answer.outputs;
  const bounds = { o: o.bound.slice(), lse: lse.bound.slice() };
  for (let at = 0; at < lse.value.length; at++) {
    const [entry, head] = unravel(at, lse.shape);
    if (entry < b - 1 || (!sequenceFirst && Math.floor(head / g) < hk - 1)) continue;
    bounds.lse[at] = Infinity;
    bounds.o.fill(Infinity, at * e, (at + 1) * e);
  }
  return { ...answer, outputs: { ...answer.outputs, o: { ...o, bound: bounds.o }, lse: { ...lse, bound: bounds.lse } } };
}
