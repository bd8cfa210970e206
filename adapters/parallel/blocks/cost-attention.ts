import { flopsPerCell } from '../../../spec/mask/flops.js';
import type { Coverage } from '../../../spec/mask/views/coverage.js';
import { lengthOf } from '../../../spec/positions.js';
import { bytesOf } from '../../../spec/tensor/dtype.js';
import { sizeOf, type Tensor } from '../../../spec/tensor/tensor.js';
import type { Pass, VirtualMachine } from '../transports/virtual/machine.js';
import type { AttentionState } from './attention-state.js';
import type { AttentionBlock, BlockAttention, BlockGradients, WholeProblem } from './local-attention.js';
import { coverageOf } from './mask-coverage.js';

/**
 * Device of a rank: resolves with `answer` when it has done `flops` floating-point operations and
 * moved `bytes` (0 if absent) in its memory.
 */
export type Device = <T>(flops: number, pass: Pass, answer: T, bytes?: number) => Promise<T>;

/**
 * How the output of a block is merged with those before it: `fused`, in one kernel that reads and
 * writes the sums once; `stepwise`, with one elementwise kernel for each step of the formula
 * o − sigmoid(lse′ − lse)·(o − o′), as PyTorch does where nothing fuses them.
 */
export type Merge = 'fused' | 'stepwise';

const none = new Float64Array(0);
const noPartial: AttentionState = { o: none, lse: none };
const noGradients: BlockGradients = { dq: none, dk: none, dv: none };
const notNeeded = Promise.resolve(undefined);

/**
 * Cost model of attention: nothing is computed, and each block occupies the device for its visible
 * cells. A kernel knows nothing of earlier blocks: if the queries of a block had another before,
 * its output is merged outside of the kernel, which moves bytes.
 */
export class CostAttention implements BlockAttention {
  private last: Queried | undefined;
  /** Floating-point operations per visible cell, by pass. */
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

  /**
   * Resolves to a result without elements; returns undefined at once if no query sees a key and no
   * sink counts.
   */
  forward(block: AttentionBlock): Promise<AttentionState | undefined> | undefined {
    return this.cost(block, 'forward', noPartial, mergedPartial);
  }

  backward(block: AttentionBlock): Promise<BlockGradients | undefined> {
    return this.cost(block, 'backward', noGradients, mergedGradients) ?? notNeeded;
  }

  /**
   * Returns the record of the block's queries. It is cached, since a rank asks for the same queries
   * again and again.
   */
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

  /** Rate of the block's kernel over the device's own. */
  private rateOf({ q, queries, keys, heads }: AttentionBlock, pass: Pass, queried: Queried, area: number): number {
    if (!this.blockRate) return 1;
    const [b, count] = q.shape;
    let [rows, columns] = [lengthOf(queries), lengthOf(keys)];
    if (queries.length > 1 || keys.length > 1) {
      // a kernel is called without the segments that see nothing, or that nothing sees: half of a zigzag
      queried.parts ??= queries.map((segment) => coverageOf(this.whole.mask, [segment], heads));
      rows = lengthOf(queries.filter((_, x) => queried.parts?.[x].areaOver(keys)));
      columns = lengthOf(keys.filter((segment) => queried.coverage.areaOver([segment])));
    }
    return this.blockRate(pass, rows * columns, area / (b * count * rows * columns));
  }
}

/** Queries of some heads, and, for each pass, whether a kernel was asked for them before. */
interface Queried extends Pick<AttentionBlock, 'queries' | 'heads'>, Record<Pass, boolean> {
  readonly coverage: Coverage;
  /** The same of each segment of the queries. */
  parts?: readonly Coverage[];
}

/**
 * How often a merge moves o and the LSE in the accumulator; it also reads the block's o once, as it is stored. Fused: both sums are read and written, and the
 * block's LSE is read. Stepwise, of o: the cast writes, a difference reads two and writes, the product reads and writes, the second difference reads two and
 * writes; of the LSE: two differences, the sigmoid, its logarithm, the last difference, and one more read in the product.
 */
const movesOf: Record<Merge, { readonly o: number; readonly lse: number }> = { fused: { o: 2, lse: 3 }, stepwise: { o: 9, lse: 14 } };

/** Bytes moved to merge a block's partial result, with an accumulator of `accumulator` bytes. */
function mergedPartial({ q, v }: AttentionBlock, accumulator: number, merge: Merge): number {
  const [b, heads, m] = q.shape;
  const moves = movesOf[merge];
  return b * heads * m * (v.shape[3] * (moves.o * accumulator + bytesOf(v.dtype)) + moves.lse * accumulator);
}

/** Bytes moved to add a block's gradients to the sums dq, dk and dv, which are read and written in the accumulator; a block's are read as they are stored. */
function mergedGradients({ q, k, v }: AttentionBlock, accumulator: number): number {
  const moved = ({ dtype, shape }: Tensor) => sizeOf(shape) * (2 * accumulator + bytesOf(dtype));
  return moved(q) + moved(k) + moved(v);
}
