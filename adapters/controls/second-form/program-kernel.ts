import { fullDialect } from '../../../spec/dialect.js';
import { areaOf } from '../../../spec/mask/compile/area.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { maskDialect } from '../../../spec/mask/mask-dialect.js';
import { maskDocuments } from '../../../spec/masks/index.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { givenOutput } from '../../../spec/operator/given-output.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { computeRounded } from '../../../spec/program/interpret.js';
import { contiguousData, type Tensor, type Tensors, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { MaskSpec, Operator } from '../../../spec/types/documents.js';
import { type Call, type Kernel, Unsupported } from '../../kernel.js';
import { type ProgramPaging, pagedForward, slotOf } from './paged.js';

/** Compiles a dense mask BOOL [b or 1, heads or 1, m or 1, n], where true keeps a key. */
function denseMask(t: Tensor, sizes: Pick<CompiledMask, 'b' | 'heads' | 'm' | 'n'>): CompiledMask {
  const data = contiguousData(t);
  const [batches, heads, rows, n] = t.shape;
  const at = (index: number, size: number) => (size === 1 ? 0 : index);
  const startOf = (b: number, h: number, i: number) => ((at(b, batches) * heads + at(h, heads)) * rows + at(i, rows)) * n;
  const mask: CompiledMask = {
    ...sizes,
    perBatch: batches > 1,
    perHead: heads > 1,
    tables: {},
    visible: (b, h, i, j) => data[startOf(b, h, i) + j] !== 0,
    area: () => areaOf(mask),
    runs(b, h, i, out) {
      const start = startOf(b, h, i);
      let count = 0;
      for (let j = 0; j < n; j++) {
        if (data[start + j] === 0) continue;
        out[2 * count] = j;
        while (j < n && data[start + j] !== 0) j++;
        out[2 * count++ + 1] = j;
      }
      return count;
    },
  };
  return mask;
}

/** Faults of a kernel that evaluates a program. */
interface Departures {
  readonly read?: (problem: Problem) => Problem;
  readonly answer?: (problem: Problem, outputs: Expectation['outputs']) => Expectation['outputs'];
  readonly paging?: Partial<ProgramPaging>;
}

/** Makes a kernel of programs with the built-in masks. */
export function programKernel(operators: readonly Operator[], departures?: Departures): ProgramKernel {
  return new ProgramKernel(operators, new Map(maskDocuments.map((mask) => [mask.name, mask])), departures);
}

/**
 * Evaluates programs in f32: sums in float64, then each primitive rounded. In f16 and bf16, only
 * inputs and outputs have that type. Gradients are of the program's graph.
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
    if (!operator) throw new Unsupported(`the operator ${c.operator} has no program of this form`);
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
