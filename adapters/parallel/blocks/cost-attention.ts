import { flopsPerCell } from '../../../spec/mask/flops.js';
import type { Coverage } from '../../../spec/mask/views/coverage.js';
import { lengthOf } from '../../../spec/positions.js';
import { bytesOf } from '../../../spec/tensor/dtype.js';
import { sizeOf, type Tensor } from '../../../spec/tensor/tensor.js';
import type { Pass, VirtualMachine } from '../transports/virtual/machine.js';
import type { AttentionState } from './attention-state.js';
import type { AttentionBlock, BlockAttention, BlockGradients, WholeProblem } from './local-attention.js';
import { coverageOf } from './mask-coverage.js';

/** Device that resolves with `answer` after `flops` operations and moving `bytes` in memory. */
export type Device = <T>(flops: number, pass: Pass, answer: T, bytes?: number) => Promise<T>;

/**
 * Merging of block outputs in one kernel (`fused`), or with a kernel per elementwise step of o −
 * sigmoid(lse′ − lse)·(o − o′), as in eager PyTorch (`stepwise`).
 */
export type Merge = 'fused' | 'stepwise';

const none = new Float64Array(0);
const noPartial: AttentionState = { o: none, lse: none };
const noGradients: BlockGradients = { dq: none, dk: none, dv: none };
const notNeeded = Promise.resolve(undefined);

/**
 * Cost model of attention: each block occupies the device for its visible cells. Outputs of further
 * blocks for the same queries are merged outside of the kernel, which moves bytes.
 */
export class CostAttention implements BlockAttention {
  private last: Queried | undefined;
  private readonly each: Record<Pass, number>;
  private readonly queried = new Map<AttentionBlock['queries'], Queried[]>();

  constructor(
    private readonly device: Device,
    private readonly whole: WholeProblem,
    private readonly merge: Merge = 'fused',
    private readonly blockRate?: VirtualMachine['blockRate'],
    private readonly computed = { area: 0 },
  ) {
    const { d, e } = whole.case.dims;
    this.each = flopsPerCell(d, e);
  }

  get area(): number {
    return this.computed.area;
  }

  set area(cells: number) {
    this.computed.area = cells;
  }

  over(whole: WholeProblem): CostAttention {
    return new CostAttention(this.device, whole, this.merge, this.blockRate, this.computed);
  }

  /** Resolves to an empty result; returns undefined at once without visible keys and sink. */
  forward(block: AttentionBlock): Promise<AttentionState | undefined> | undefined {
    return this.cost(block, 'forward', noPartial, mergedPartial);
  }

  backward(block: AttentionBlock): Promise<BlockGradients | undefined> {
    return this.cost(block, 'backward', noGradients, mergedGradients) ?? notNeeded;
  }

  private queriesOf({ queries, heads }: AttentionBlock): Queried {
    const { last } = this;
    if (last && last.queries === queries && last.heads === heads) return last;
    const known = this.queried.get(queries) ?? [];
    let found = known.find((other) => other.heads?.first === heads?.first && other.heads?.keyHeads === heads?.keyHeads);
    if (!found) {
      found = { queries, heads, coverage: coverageOf(this.whole.mask, queries, heads), forward: false, backward: false };
      this.queried.set(queries, [...known, found]);
    }
    this.last = found;
    return found;
  }

  private cost<T>(
    block: AttentionBlock,
    pass: Pass,
    answer: T,
    merged: (block: AttentionBlock, accumulator: number, merge: Merge) => number,
  ): Promise<T> | undefined {
    const queried = this.queriesOf(block);
    const area = queried.coverage.areaOver(block.keys);
    // A sink alone needs no kernel: only its outputs are returned.
    if (area === 0) return block.sink && this.whole.sink ? Promise.resolve(answer) : undefined;
    this.computed.area += area;
    const bytes = queried[pass] ? merged(block, this.whole.case.dtype === 'f64' ? 8 : 4, this.merge) : 0;
    queried[pass] = true;
    return this.device((area * this.each[pass]) / this.rateOf(block, pass, queried, area), pass, answer, bytes);
  }

  /** Returns the rate of the block's kernel relative to the device. */
  private rateOf({ q, queries, keys, heads }: AttentionBlock, pass: Pass, queried: Queried, area: number): number {
    if (!this.blockRate) return 1;
    const [b, count] = q.shape;
    let [rows, columns] = [lengthOf(queries), lengthOf(keys)];
    if (queries.length > 1 || keys.length > 1) {
      // kernels get no segments without visible cells, e.g. half of a zigzag
      queried.parts ??= queries.map((segment) => coverageOf(this.whole.mask, [segment], heads));
      rows = lengthOf(queries.filter((_, x) => queried.parts?.[x].areaOver(keys)));
      columns = lengthOf(keys.filter((segment) => queried.coverage.areaOver([segment])));
    }
    return this.blockRate(pass, rows * columns, area / (b * count * rows * columns));
  }
}

/** Queries of some heads, and whether a kernel computed them before, by pass. */
interface Queried extends Pick<AttentionBlock, 'queries' | 'heads'>, Record<Pass, boolean> {
  readonly coverage: Coverage;
  parts?: readonly Coverage[];
}

/**
 * Number of moves of o and LSE in the accumulator per merge. Fused: both sums are read and written,
 * and the block's LSE is read. Stepwise, of o: the cast writes, a difference reads two and writes,
 * the product reads and writes, the second difference reads two and writes; of the LSE: two
 * differences, the sigmoid, its logarithm, the last difference, and one more read in the product.
 */
const movesOf: Record<Merge, { readonly o: number; readonly lse: number }> = { fused: { o: 2, lse: 3 }, stepwise: { o: 9, lse: 14 } };

function mergedPartial({ q, v }: AttentionBlock, accumulator: number, merge: Merge): number {
  const [b, heads, m] = q.shape;
  const moves = movesOf[merge];
  return b * heads * m * (v.shape[3] * (moves.o * accumulator + bytesOf(v.dtype)) + moves.lse * accumulator);
}

/** Bytes moved to add a block's stored gradients to the accumulated dq, dk and dv. */
function mergedGradients({ q, k, v }: AttentionBlock, accumulator: number): number {
  const moved = ({ dtype, shape }: Tensor) => sizeOf(shape) * (2 * accumulator + bytesOf(dtype));
  return moved(q) + moved(k) + moved(v);
}
