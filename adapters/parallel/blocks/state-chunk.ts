import { type CarriedState, carriedState } from '../../../spec/operator/carried-state.js';
import { inputsOf, storedType } from '../../../spec/operator/facts.js';
import { shapeOfAxes } from '../../../spec/operator/layout.js';
import { isShapeOnly, shapeOnly, type Tensor, type Tensors, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { NamedParts, RankContext } from '../program.js';
import { productFlops } from './chunk-states.js';
import { afterChunk, beforeChunk, matrixOf, type StateAxes, unitStates } from './state-products.js';

/** Fields of a rank's context that a chunk with a state needs. */
export type StateRank = Pick<RankContext, 'accumulator' | 'comm' | 'dtype' | 'operator' | 'own' | 'whole'>;

export type StateChunkOf = (rank: StateRank) => StateChunk;

export const stateChunk: StateChunkOf = (rank) => new StateChunk(rank);

/** Outputs or input gradients of a chunk, and the state or its gradient for the neighbour. */
export interface ChunkResult {
  readonly parts: NamedParts;
  readonly state: Tensor;
}

/** Tokens of a rank for an operator that carries a state. Ranks without tokens pass states on. */
export class StateChunk {
  private readonly operator: Operator;
  private readonly carried: CarriedState;
  protected readonly axes: StateAxes;
  private readonly shape: readonly number[];
  private readonly rows: number;

  constructor(private readonly rank: StateRank) {
    const { library, case: c } = rank.whole;
    this.operator = library.operators.get(c.operator) as Operator;
    this.carried = carriedState(this.operator) as CarriedState;
    const axes = this.operator.outputs[this.carried.output];
    this.shape = shapeOfAxes(axes, c);
    const channels = this.shape.length - 2;
    this.axes = axes.at(-1) === 'e' ? { d: channels, e: channels + 1 } : { d: channels + 1, e: channels };
    this.rows = rank.own.rows;
  }

  /** State before the first token of all, if the case has one. */
  get first(): Tensor | undefined {
    return this.rank.own.tensors[this.carried.input];
  }

  /** Cotangent of the state after the last token of all. */
  get last(): Tensor | undefined {
    return this.rank.own.tensors[`d${this.carried.output}`];
  }

  zeros(): Tensor {
    const { accumulator } = this.rank;
    return this.emptyOf(accumulator, this.shape);
  }

  /** Computes the chunk from the state before it, by default 0. */
  async forward(before: Tensor | undefined): Promise<ChunkResult> {
    if (this.rows === 0) return { parts: {}, state: this.travels(before ?? this.zeros()) };
    const { [this.carried.output]: state, ...outputs } = await this.run(this.inputs(before));
    return { parts: named(outputs), state: this.travels(state) };
  }

  /** Computes gradients of the inputs and of the state before, from that of the state after. */
  async backward(before: Tensor | undefined, after: Tensor): Promise<ChunkResult> {
    if (this.rows === 0) return { parts: {}, state: this.travels(after) };
    const { comm, operator, own } = this.rank;
    const { input, output } = this.carried;
    const cotangents: Tensors = {};
    for (const name of Object.keys(this.operator.outputs)) if (own.tensors[`d${name}`]) cotangents[`d${name}`] = own.tensors[`d${name}`];
    // kernels give no gradient of an absent state
    const inputs = this.inputs(before ?? this.zeros());
    const { [`d${input}`]: state, ...gradients } = await comm.external(
      operator.backward(this.rows, inputs, { ...cotangents, [`d${output}`]: this.travels(after) }),
    );
    return { parts: named(gradients), state: this.travels(state) };
  }

  /** Returns the matrix [heads…, d, d] by which the chunk multiplies the state before it. */
  async transition(): Promise<Tensor> {
    const { accumulator, operator } = this.rank;
    const { d, e } = this.rank.whole.case.dims;
    // unit vectors take as many channels as values may have
    const width = operator.takes(d) ? d : e;
    const shape = this.shape.map((size, axis) => (axis === this.axes.e ? width : size));
    const results: Tensor[] = [];
    for (let first = 0; first < d; first += width) {
      const units = unitStates(this.emptyOf(accumulator, shape), this.axes, first);
      // outputs are linear in the state and its driving inputs: zero inputs leave the state's part
      results.push(this.rows === 0 ? units : (await this.run(this.silenced(this.inputs(units), width), width))[this.carried.output]);
    }
    return matrixOf(results, this.axes, accumulator);
  }

  /** Returns the state after a chunk with this matrix and added term. */
  after(added: Tensor, matrix: Tensor, before: Tensor): Tensor {
    this.rank.comm.compute(productFlops(before, matrix.shape[matrix.shape.length - 1]));
    return this.travels(afterChunk(added, matrix, before, this.axes));
  }

  /** Returns the gradient of the state before a chunk from the gradient of the state after it. */
  before(added: Tensor, matrix: Tensor, after: Tensor): Tensor {
    this.rank.comm.compute(productFlops(after, matrix.shape[matrix.shape.length - 1]));
    return this.travels(beforeChunk(added, matrix, after, this.axes));
  }

  withState({ parts, state }: ChunkResult): NamedParts {
    return { ...parts, ...named({ [this.carried.output]: state }) };
  }

  withGradient({ parts, state }: ChunkResult): NamedParts {
    return this.first ? { ...parts, ...named({ [`d${this.carried.input}`]: state }) } : parts;
  }

  /** Returns zeros, or a shape-only tensor if the rank's tensors are shape-only. */
  private emptyOf(dtype: Tensor['dtype'], shape: readonly number[]): Tensor {
    return Object.values(this.rank.own.tensors).some(isShapeOnly) ? shapeOnly(dtype, shape) : tensor(dtype, shape);
  }

  private run(inputs: Tensors, channels?: number): Promise<Tensors> {
    return this.rank.comm.external(this.rank.operator.forward(this.rows, inputs, channels));
  }

  private inputs(before: Tensor | undefined): Tensors {
    const { input } = this.carried;
    const inputs: Tensors = {};
    for (const name of Object.keys(inputsOf(this.operator)))
      if (name !== input && this.rank.own.tensors[name]) inputs[name] = this.rank.own.tensors[name];
    return before ? { ...inputs, [input]: this.stored(before) } : inputs;
  }

  /** Zeroes inputs that drive the state or have channels of values. */
  private silenced(inputs: Tensors, channels: number): Tensors {
    const { input, driving } = this.carried;
    const facts = inputsOf(this.operator);
    const silent = Object.keys(inputs).filter((name) => name !== input && (driving.includes(name) || facts[name].axes.includes('e')));
    const zeros = silent.map((name) => {
      const { dtype } = inputs[name];
      const shape = shapeOfAxes(facts[name].axes, { dims: { ...this.rank.whole.case.dims, m: this.rows, n: this.rows, e: channels } });
      return [name, this.emptyOf(dtype, shape)] as const;
    });
    return { ...inputs, ...Object.fromEntries(zeros) };
  }

  private stored(state: Tensor): Tensor {
    return converted(state, storedType(inputsOf(this.operator)[this.carried.input], this.rank.dtype));
  }

  private travels(state: Tensor): Tensor {
    return converted(state, this.rank.accumulator);
  }
}

function converted(t: Tensor, dtype: Tensor['dtype']): Tensor {
  if (t.dtype === dtype) return t;
  return isShapeOnly(t) ? shapeOnly(dtype, t.shape) : tensorOf(dtype, t.shape, valuesOf(t));
}

function named(tensors: Tensors): NamedParts {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => [name, isShapeOnly(t) ? new Float64Array(0) : Float64Array.from(valuesOf(t))]),
  );
}
