import { carriedState, packedSegments } from '../../../spec/operator/carried-state.js';
import { contiguousData, isShapeOnly, shapeOnly, sizeOf, type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { StateRank } from './state-chunk.js';

export type OpenSegmentsOf = (rank: StateRank) => OpenSegments;

export const openSegments: OpenSegmentsOf = (rank) => new OpenSegments(rank);

/**
 * Packed segments of a rank's tokens, with their states stacked in one tensor. The last token's
 * segment stays open until a later rank has tokens of another segment, or the ranks end.
 */
export class OpenSegments {
  private readonly axis: number;
  /** Segment of the rank's last token; undefined without tokens. */
  private readonly last: number | undefined;
  private readonly count: number;

  /** @throws {Error} if the operator has no packed segments. */
  constructor(private readonly rank: StateRank) {
    const { library, case: c } = rank.whole;
    const operator = library.operators.get(c.operator) as Operator;
    const carried = carriedState(operator);
    const segments = packedSegments(operator);
    if (!carried || !segments) throw new Error(`${operator.name} has no packed segments with a state of their own`);
    this.axis = operator.outputs[carried.output].indexOf(segments.axis);
    this.count = c.dims[segments.axis];
    const own = rank.own.tensors[segments.input];
    // segments of shape-only tensors are unknown; all have equal size
    this.last = rank.own.rows === 0 ? undefined : isShapeOnly(own) ? 0 : Number(contiguousData(own)[rank.own.rows - 1]);
  }

  after(before: number): number {
    return this.last ?? before;
  }

  stateOf(states: Tensor, segment: number): Tensor {
    const shape = states.shape.map((size, axis) => (axis === this.axis ? 1 : size));
    if (isShapeOnly(states)) return shapeOnly(states.dtype, shape);
    const values = valuesOf(states);
    const taken = new Float64Array(sizeOf(shape));
    this.forEach(states, segment, (at, own) => {
      taken[own] = values[at];
    });
    return tensorOf(states.dtype, shape, taken);
  }

  withState(states: Tensor, segment: number, state: Tensor): Tensor {
    if (isShapeOnly(states)) return states;
    const all = Float64Array.from(valuesOf(states));
    const values = valuesOf(state);
    this.forEach(states, segment, (at, own) => {
      all[at] = values[own];
    });
    return tensorOf(states.dtype, states.shape, all);
  }

  /** Zeroes states of segments that do not end with this rank's tokens. */
  ended(states: Tensor, before: number): Tensor {
    const { comm } = this.rank;
    const end = comm.rank === comm.size - 1 ? this.count : this.after(before);
    return this.among(states, (segment) => before <= segment && segment < end);
  }

  without(states: Tensor, segment: number): Tensor {
    return this.among(states, (other) => other !== segment);
  }

  private among(states: Tensor, kept: (segment: number) => boolean): Tensor {
    if (isShapeOnly(states)) return states;
    const values = valuesOf(states);
    const all = new Float64Array(values.length);
    for (let segment = 0; segment < this.count; segment++)
      if (kept(segment))
        this.forEach(states, segment, (at) => {
          all[at] = values[at];
        });
    return tensorOf(states.dtype, states.shape, all);
  }

  /** Calls back with each element's index in all states and in the segment's state. */
  private forEach({ shape }: Tensor, segment: number, told: (at: number, own: number) => void): void {
    const inner = sizeOf(shape.slice(this.axis + 1));
    const outer = sizeOf(shape.slice(0, this.axis));
    for (let x = 0; x < outer; x++) for (let i = 0; i < inner; i++) told((x * this.count + segment) * inner + i, x * inner + i);
  }
}
