import type { Expectation, Expected, Problem, Values } from '../../../spec/oracle/problem.js';
import type { Hypothesis, Subject } from './hypothesis.js';

/** Query heads that read other key heads than they must, and gradients of shared heads that are not summed. */
export function* headHypotheses({ problem, backward }: Subject): Generator<Hypothesis> {
  const { hk, g } = problem.case.dims;
  if (hk > 1) {
    yield reading(problem, 'every query head reads key head 0', () => 0);
    yield reading(problem, 'query head h reads key head ⌊h / Hk⌋, with the number of key heads for the group size', (h) =>
      Math.min(Math.floor(h / hk), hk - 1),
    );
  }
  if (!backward || g === 1) return;
  const own = (h: number) => Math.floor(h / g);
  yield reading(problem, 'dk and dv have the part of the first query head of a group alone', own, (h) => h % g === 0);
  yield reading(problem, 'dk and dv have the part of the last query head of a group alone', own, (h) => h % g === g - 1);
}

/** Every query head gets a key head of its own, a copy of the one it reads; those that count add their gradients up in it. */
function reading(problem: Problem, text: string, keyHead: (h: number) => number, counts: (h: number) => boolean = () => true): Hypothesis {
  const { dims } = problem.case;
  const heads = dims.hk * dims.g;
  const k = expanded(problem.inputs.k, heads, keyHead);
  const v = expanded(problem.inputs.v, heads, keyHead);
  return {
    text: `what comes out where ${text}`,
    problem: { ...problem, inputs: { ...problem.inputs, k, v }, case: { ...problem.case, dims: { ...dims, hk: heads, g: 1 } } },
    after: (answer) => collected(answer, dims.hk, keyHead, counts),
  };
}

function expanded({ shape: [b, hk, n, d], data }: Values, heads: number, keyHead: (h: number) => number): Values {
  const size = n * d;
  const wide = new Float64Array(b * heads * size);
  for (let x = 0; x < b; x++) {
    for (let h = 0; h < heads; h++) {
      const from = (x * hk + keyHead(h)) * size;
      wide.set(data.subarray(from, from + size), (x * heads + h) * size);
    }
  }
  return { shape: [b, heads, n, d], data: wide };
}

function collected(answer: Expectation, hk: number, keyHead: (h: number) => number, counts: (h: number) => boolean): Expectation {
  const outputs = { ...answer.outputs };
  for (const name of ['dk', 'dv']) if (outputs[name]) outputs[name] = summed(outputs[name], hk, keyHead, counts);
  return { ...answer, outputs };
}

function summed(wide: Expected, hk: number, keyHead: (h: number) => number, counts: (h: number) => boolean): Expected {
  const [b, heads, n, d] = wide.shape;
  const size = n * d;
  const value = new Float64Array(b * hk * size);
  const bound = new Float64Array(b * hk * size);
  for (let at = 0; at < wide.value.length; at++) {
    const h = Math.floor(at / size) % heads;
    if (!counts(h)) continue;
    const to = (Math.floor(at / (size * heads)) * hk + keyHead(h)) * size + (at % size);
    value[to] += wide.value[at];
    bound[to] += wide.bound[at];
  }
  return { shape: [b, hk, n, d], value, bound };
}
