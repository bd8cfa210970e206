import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { unravel } from '../../judging/compared.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** Another Δ = Σ do·o, weights that are not divided by their sum, and an ignored dlse. */
export function* deltaHypotheses({ problem, backward, evaluate }: Subject): Generator<ProblemHypothesis> {
  if (!backward) return;
  const { dlse, do: cotangent, ...others } = problem.inputs;
  if (dlse) yield { text: 'a kernel that ignores the gradient of the LSE', problem: { ...problem, inputs: { ...others, do: cotangent } } };
  const { d, e } = problem.case.dims;
  const { o } = evaluate(problem, false).outputs;
  const { sums, unweighted } = rowsOf(problem);
  const delta = (row: number, from = 0) => {
    let sum = 0;
    if (sums[row] === 0) return sum;
    for (let x = from; x < e; x++) sum += cotangent.data[row * e + x] * o.value[row * e + x];
    return sum;
  };
  const changed = (text: string, less: (row: number) => number, factor?: (row: number) => number): ProblemHypothesis => ({
    text,
    problem: withOtherDelta(problem, less, factor),
  });
  yield changed('a kernel where Δ = Σ do·o is missing from dS', delta);
  if (e > d) yield changed('a kernel where Δ sums do·o over as many columns as K has', (row) => delta(row, d));
  yield changed('a kernel whose Δ sums dP over all keys, without the weights', (row) => delta(row) - unweighted[row]);
  yield changed(
    'a kernel that does not divide the weights by their sum',
    (row) => (1 - sums[row]) * delta(row),
    (row) => sums[row],
  );
}

/**
 * Problem with the gradients of a backward pass with Δ′ for Δ and weights times f:
 * dS = fP·(dP − Δ′ + dlse) belongs to the cotangents f·do and f·(Δ − Δ′ + dlse).
 * @param less Δ − Δ′ of a row. @param factor f of a row, 1 if absent.
 */
export function withOtherDelta(problem: Problem, less: (row: number) => number, factor: (row: number) => number = () => 1): Problem {
  const { dlse, do: cotangent } = problem.inputs;
  const shape = cotangent.shape.slice(0, 3);
  const e = cotangent.shape[3];
  // dlse in base 2 is ln 2 times dlse in base e
  const base = problem.dialect.lseBase === '2' ? Math.LN2 : 1;
  const rows = { length: cotangent.data.length / e };
  const data = Float64Array.from(rows, (_, row) => factor(row) * (base * less(row) + (dlse?.data[row] ?? 0)));
  const scaled = { shape: cotangent.shape, data: cotangent.data.map((x, at) => x * factor(Math.floor(at / e))) };
  return { ...problem, inputs: { ...problem.inputs, do: scaled, dlse: { shape, data } } };
}

/** Forward outputs, by rows, that a backward pass reads; absent outputs are right. */
export interface GivenOutputs {
  readonly o?: ArrayLike<number> | undefined;
  readonly lse?: ArrayLike<number> | undefined;
}

/**
 * Problem with the gradients of a backward pass over given o and LSE, by Δ = Σ do·o and weights
 * exp(s − LSE). Undefined if a row with keys has no finite numbers.
 */
export function overOutputs(problem: Problem, { outputs, empty }: Expectation, { o, lse }: GivenOutputs): Problem | undefined {
  const { data, shape } = problem.inputs.do;
  const e = shape[3];
  const base = problem.dialect.lseBase === '2' ? Math.LN2 : 1;
  const [less, factor] = [new Float64Array(empty.length), new Float64Array(empty.length).fill(1)];
  for (let row = 0; row < empty.length; row++) {
    if (empty[row]) continue;
    for (let at = row * e; o && at < (row + 1) * e; at++) less[row] += data[at] * (outputs.o.value[at] - o[at]);
    if (lse) factor[row] = Math.exp(base * (outputs.lse.value[row] - lse[row]));
    if (!Number.isFinite(less[row] * factor[row])) return undefined;
  }
  return withOtherDelta(
    problem,
    (row) => less[row],
    (row) => factor[row],
  );
}

/** Per row: Σ exp(s − max), 0 without keys, and Σ dP over all keys, hidden ones too. */
function rowsOf(problem: Problem): { sums: Float64Array; unweighted: Float64Array } {
  const { v, do: cotangent } = problem.inputs;
  const [b, heads, m, e] = cotangent.shape;
  const row = new SoftmaxRow(problem);
  const [sums, unweighted] = [1, 2].map(() => new Float64Array(b * heads * m));
  for (let at = 0; at < sums.length; at++) {
    const [x, h, i] = unravel(at, [b, heads, m]);
    if (!row.load(x, h, i)) continue;
    sums[at] = Math.exp(row.lse - row.max);
    const base = (x * row.keyHeads + row.keyHead(h)) * row.n;
    for (let j = base; j < base + row.n; j++) for (let k = 0; k < e; k++) unweighted[at] += cotangent.data[at * e + k] * v.data[j * e + k];
  }
  return { sums, unweighted };
}
