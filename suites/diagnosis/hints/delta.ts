import type { ProblemHypothesis, Subject } from './hypothesis.js';

/** dS = P·(dP − Δ + dlse) with another Δ = Σ do·o, or without dlse: what is missing from Δ is a part of dlse. */
export function* deltaHypotheses({ problem, backward, evaluate }: Subject): Generator<ProblemHypothesis> {
  if (!backward) return;
  const { dlse, ...others } = problem.inputs;
  if (dlse) yield { text: 'a kernel that ignores the gradient of the LSE', problem: { ...problem, inputs: others } };
  const { d, e } = problem.case.dims;
  const { o } = evaluate(problem, false).outputs;
  const [b, heads, m] = o.shape;
  const lacking = (text: string, from: number): ProblemHypothesis => {
    const data = new Float64Array(b * heads * m);
    for (let row = 0; row < data.length; row++) {
      data[row] = dlse?.data[row] ?? 0;
      for (let x = from; x < e; x++) data[row] += problem.inputs.do.data[row * e + x] * o.value[row * e + x];
    }
    return {
      text: `a kernel where ${text}`,
      problem: { ...problem, inputs: { ...problem.inputs, dlse: { shape: [b, heads, m], data } } },
    };
  };
  yield lacking('Δ = Σ do·o is missing from dS', 0);
  if (e > d) yield lacking('Δ sums do·o over as many columns as K has', d);
}
