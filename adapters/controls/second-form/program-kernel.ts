import { fullDialect } from '../../../spec/dialect.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import { maskDialect } from '../../../spec/mask/mask-dialect.js';
import { maskDocuments } from '../../../spec/masks/index.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { givenOutput } from '../../../spec/operator/given-output.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { computeRounded } from '../../../spec/program/interpret.js';
import { type Tensors, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { MaskSpec, Operator } from '../../../spec/types/documents.js';
import { type Call, type Kernel, Unsupported } from '../../kernel.js';
import { denseMask } from './dense-mask.js';
import { type ProgramPaging, pagedForward, slotOf } from './paged.js';

/** Ways in which a kernel may depart from the program. */
interface Departures {
  /** Returns the problem that is computed in place of the one that is called for. */
  readonly read?: (problem: Problem) => Problem;
  /** Returns what is given in place of the outputs, or gradients, of the problem that was computed. */
  readonly answer?: (problem: Problem, outputs: Expectation['outputs']) => Expectation['outputs'];
  /** How rows are found in pages, where that is wrong. */
  readonly paging?: Partial<ProgramPaging>;
}

/** Opens a kernel of programs with the built-in masks. */
export function programKernel(operators: readonly Operator[], departures?: Departures): ProgramKernel {
  return new ProgramKernel(operators, new Map(maskDocuments.map((mask) => [mask.name, mask])), departures);
}

/**
 * Kernel that evaluates the program of an operator in f32: the value of every primitive is rounded to f32, after the sums inside it, which
 * are accumulated in float64. In f16 and bf16 the inputs are read, and the outputs given, in that type, and nothing between them is stored in it. Gradients
 * are those of the program's own graph.
 */
export class ProgramKernel implements Kernel {
  readonly environment = {};
  private readonly operators: ReadonlyMap<string, Operator>;

  constructor(
    operators: readonly Operator[],
    private readonly masks: ReadonlyMap<string, MaskSpec>,
    private readonly departures: Departures = {},
  ) {
    this.operators = new Map(operators.map((operator) => [operator.name, operator]));
  }

  async forward(call: Call): Promise<Tensors> {
    if (!call.tensors.block_table) return this.compute(call, false);
    const paging = { written: slotOf, read: slotOf, ...this.departures.paging };
    return pagedForward(call, this.operatorOf(call), paging, (entry) => this.compute(entry, false));
  }

  async backward(call: Call): Promise<Tensors> {
    return this.compute(call, true);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  private compute(call: Call, gradients: boolean): Tensors {
    const { read = (problem) => problem, answer = (_, outputs) => outputs } = this.departures;
    const problem = read(this.problemOf(call));
    const computed = answer(problem, computeRounded(problem, gradients, 'f32'));
    return Object.fromEntries(
      Object.entries(computed).map(([name, { shape, value }]) => [
        name,
        gradients
          ? tensorOf(call.tensors[name.slice(1)].dtype, shape, value)
          : givenOutput(problem.operator, name, { shape, value }, call.case.dims, name === 'lse' ? 'f32' : call.case.dtype),
      ]),
    );
  }

  private operatorOf({ case: c }: Call): Operator {
    const operator = this.operators.get(c.operator);
    if (!operator) throw new Unsupported(`the operator ${c.operator} has no such program here`);
    return operator;
  }

  private problemOf(call: Call): Problem {
    const { case: c, tensors } = call;
    const operator = this.operatorOf(call);
    const { b, hk, g, m, n } = c.dims;
    const sizes = { b, heads: hk * g, m, n };
    const { mask: dense, ...others } = tensors;
    const inputs = Object.entries(others).map(([name, t]): [string, Float64Tensor] => [name, { shape: t.shape, data: valuesOf(t) }]);
    return {
      case: c,
      operator,
      inputs: Object.fromEntries(inputs),
      mask: dense ? denseMask(dense, sizes) : compileMask({ masks: this.masks }, c.mask, { ...sizes, ...maskDialect(c) }),
      dialect: fullDialect(c.dialect),
      numeric: resolveNumeric('f32'),
    };
  }
}
