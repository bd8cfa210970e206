import type { Coverage } from '../../spec/mask/coverage.js';
import type { Pass } from '../transports/virtual/machine.js';
import { coverageOf } from './coverages.js';
import type { AttentionBlock, BlockAttention, BlockGradients, WholeProblem } from './local-attention.js';
import type { Partial } from './partial.js';

/** A rank's device: it answers when it has done so many operations. */
export type Device = <T>(flops: number, pass: Pass, answer: T) => Promise<T>;

const none = new Float64Array(0);
const noPartial: Partial = { o: none, lse: none };
const noGradients: BlockGradients = { dq: none, dk: none, dv: none };
const notNeeded = Promise.resolve(undefined);

/**
 * Blocks of an attention that nobody computes: each takes the device for its visible cells, 2·(d + e) operations each in the forward pass, and
 * 2·(3d + 2e) in the backward pass (MASKS.md: the scores again, and the gradients of q, k, v, and of the probabilities).
 */
export class CostAttention implements BlockAttention {
  private last: (Pick<AttentionBlock, 'queries' | 'heads'> & { readonly coverage: Coverage }) | undefined;

  constructor(
    private readonly device: Device,
    private readonly whole: WholeProblem,
    private readonly computed = { area: 0 },
  ) {}

  get area(): number {
    return this.computed.area;
  }

  set area(cells: number) {
    this.computed.area = cells;
  }

  over(whole: WholeProblem): CostAttention {
    return new CostAttention(this.device, whole, this.computed);
  }

  /** A shape alone; undefined where a kernel would not be asked. */
  forward(block: AttentionBlock): Promise<Partial | undefined> {
    const { d, e } = this.whole.case.dims;
    return this.cost(block, 2 * (d + e), 'forward', noPartial);
  }

  backward(block: AttentionBlock): Promise<BlockGradients | undefined> {
    const { d, e } = this.whole.case.dims;
    return this.cost(block, 2 * (3 * d + 2 * e), 'backward', noGradients);
  }

  /** A rank asks for the same queries again and again. */
  private coverage({ queries, heads }: AttentionBlock): Coverage {
    const { last } = this;
    if (last && last.queries === queries && last.heads === heads) return last.coverage;
    const coverage = coverageOf(this.whole.mask, queries, heads);
    this.last = { queries, heads, coverage };
    return coverage;
  }

  private cost<T>(block: AttentionBlock, each: number, pass: Pass, answer: T): Promise<T | undefined> {
    const area = this.coverage(block).areaOver(block.keys);
    // a sink alone needs no kernel, only the outputs that it makes
    if (area === 0) return block.sink && this.whole.sink ? Promise.resolve(answer) : notNeeded;
    this.computed.area += area;
    return this.device(area * each, pass, answer);
  }
}
