import { withSizes } from '../../../../spec/operator/axes.js';
import type { CarriedState } from '../../../../spec/operator/carried-state.js';
import { declaredAxes, flatAxesOf } from '../../../../spec/operator/facts.js';
import type { Expectation, Expected, Problem } from '../../../../spec/problem.js';
import { sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { Case } from '../../../../spec/types/documents.js';
import type { Subject } from '../hypothesis.js';

type Outputs = Expectation['outputs'];

/** Runs a recurrence over consecutive parts of its tokens, each from a given state. */
export class TokenParts {
  private readonly cases = new Map<number, Case>();

  constructor(
    private readonly subject: Subject,
    private readonly carried: CarriedState,
  ) {}

  get tokens(): number {
    return this.subject.problem.case.dims.n;
  }

  /** @param begin first state of a part, by the last state before it; undefined for zeros. */
  run(size: number, begin: (before: Float64Tensor | undefined) => Float64Tensor | undefined): Outputs {
    const parts: Outputs[] = [];
    for (let from = 0; from < this.tokens; from += size) {
      const state = parts.at(-1)?.[this.carried.output];
      parts.push(this.part(from, Math.min(from + size, this.tokens), begin(state && { shape: state.shape, data: state.value })));
    }
    return this.joined(parts);
  }

  /** Outputs of the tokens [from, to); a state of undefined is zeros. */
  part(from: number, to: number, state: Float64Tensor | undefined): Outputs {
    const { problem, evaluate } = this.subject;
    const { operator } = problem;
    const { input } = this.carried;
    const c = this.caseOf(to - from);
    const { [input]: _, ...options } = c.options;
    const inputs: Record<string, Float64Tensor> = {};
    for (const [name, axes] of Object.entries(declaredAxes(operator))) {
      const own = problem.inputs[name];
      if (!own || name === input) continue;
      const axis = flatAxesOf(axes).indexOf('n');
      inputs[name] = axis < 0 ? own : rowsOf(own, axis, from, to);
    }
    if (state) inputs[input] = state;
    const { mask } = this.subject.problemOf(c);
    const part: Problem = { ...problem, inputs, mask, case: { ...c, options: state ? { ...options, [input]: true } : options } };
    return evaluate(part, false).outputs;
  }

  private joined(parts: readonly Outputs[]): Outputs {
    const { outputs } = this.subject.problem.operator;
    const names = Object.keys(parts[0]);
    return Object.fromEntries(
      names.map((name) => {
        const axis = flatAxesOf(outputs[name]).indexOf('n');
        return [
          name,
          axis < 0
            ? plain(parts[parts.length - 1][name])
            : concatenated(
                parts.map((part) => part[name]),
                axis,
              ),
        ];
      }),
    );
  }

  private caseOf(tokens: number): Case {
    const { problem } = this.subject;
    const axes = 'm' in problem.case.dims ? ['n', 'm'] : ['n'];
    const { rows: _, ...values } = problem.case.values;
    const c = this.cases.get(tokens) ?? { ...problem.case, values, dims: withSizes(problem.operator, problem.case, axes, tokens) };
    this.cases.set(tokens, c);
    return c;
  }
}

/** Widens bounds to hold both forms of the document. */
export function plain({ shape, value, bound, second }: Expected): Expected {
  const other = second?.();
  return { shape, value, bound: other ? bound.map((x, at) => (Number.isFinite(other[at]) ? Math.max(x, other[at]) : x)) : bound };
}

function rowsOf({ shape, data }: Float64Tensor, axis: number, from: number, to: number): Float64Tensor {
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const rows = new Float64Array(outer * (to - from) * inner);
  for (let x = 0; x < outer; x++) {
    const first = x * shape[axis] * inner;
    rows.set(data.subarray(first + from * inner, first + to * inner), x * (to - from) * inner);
  }
  return { shape: shape.with(axis, to - from), data: rows };
}

function concatenated(parts: readonly Expected[], axis: number): Expected {
  const [{ shape }] = parts;
  const tokens = parts.reduce((sum, part) => sum + part.shape[axis], 0);
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const [value, bound] = [0, 1].map(() => new Float64Array(outer * tokens * inner));
  let done = 0;
  for (const part of parts.map(plain)) {
    const size = part.shape[axis] * inner;
    for (let x = 0; x < outer; x++) {
      const to = (x * tokens + done) * inner;
      value.set(part.value.subarray(x * size, (x + 1) * size), to);
      bound.set(part.bound.subarray(x * size, (x + 1) * size), to);
    }
    done += part.shape[axis];
  }
  return { shape: shape.with(axis, tokens), value, bound };
}
