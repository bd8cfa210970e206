import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { type Dialect, deviations } from '../../../spec/dialect.js';
import { withSizes } from '../../../spec/operator/axes.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import type { Kernel } from '../../kernel.js';
import type { WholeProblem } from './local-attention.js';

/** Operator that carries a state, over adjacent tokens, by plain calls of one rank's kernel. */
export class OperatorChunk {
  /** Settings of the kernel's dialect that differ from the default. */
  private readonly dialect: Dialect;

  constructor(
    private readonly kernel: Pick<Kernel, 'forward' | 'backward'>,
    private readonly capabilities: FullCapabilities,
    private readonly whole: WholeProblem,
  ) {
    this.dialect = deviations(capabilities.dialect);
  }

  takes(channels: number): boolean {
    const limit = this.capabilities.limits.e;
    if (limit === undefined) return true;
    if (typeof limit === 'string') return limit === '=d' && channels === this.whole.case.dims.d;
    if (Array.isArray(limit)) return limit.includes(channels);
    const { min = 1, max = Infinity, multipleOf = 1 } = limit;
    return channels >= min && channels <= max && channels % multipleOf === 0;
  }

  /** Returns the operator's outputs. @param channels channels of values, if not the case's. */
  forward(rows: number, tensors: Tensors, channels?: number): Promise<Tensors> {
    return this.kernel.forward({ case: this.caseOf(rows, tensors, channels), tensors });
  }

  /** Returns the gradients of the inputs. @param cotangents gradients of all outputs, `do` etc. */
  async backward(rows: number, tensors: Tensors, cotangents: Tensors): Promise<Tensors> {
    return (await this.kernel.backward?.({ case: this.caseOf(rows, tensors), tensors: { ...tensors, ...cotangents } })) as Tensors;
  }

  private caseOf(rows: number, tensors: Tensors, channels?: number): Case {
    const { case: whole, library } = this.whole;
    const { operator, dims, mask, dtype, layout, values } = whole;
    const document = library.operators.get(operator) as Operator;
    const optional = Object.keys(document.optional ?? {});
    const numbers = Object.entries(whole.options).filter(([name]) => !optional.includes(name));
    const given = optional.filter((name) => tensors[name]).map((name) => [name, true] as const);
    return {
      operator,
      dims: { ...withSizes(document, whole, ['m', 'n'], rows), e: channels ?? dims.e },
      mask,
      options: Object.fromEntries([...numbers, ...given]),
      dtype,
      layout,
      values,
      ...(Object.keys(this.dialect).length > 0 && { dialect: this.dialect }),
    };
  }
}
