import type { Positions } from '../../spec/positions.js';
import type { SchemeLayout } from '../../spec/scheme/volume.js';
import type { World } from '../../spec/scheme/world.js';
import type { DType } from '../../spec/tensor/dtype.js';
import type { Tensor, Tensors } from '../../spec/tensor/tensor.js';
import type { Mask } from '../../spec/types/documents.js';
import type { AttentionState } from './blocks/attention-state.js';
import type { ChunkAttention } from './blocks/chunk-attention.js';
import type { BlockAttention, WholeProblem } from './blocks/local-attention.js';
import type { OperatorChunk } from './blocks/operator-chunk.js';
import type { Communicator } from './communicator.js';

/** A rank's shard of the problem, which it has at the start. Its tensors are empty if the operator carries a state: `own` has all of them. */
export interface Shard {
  /** Query [b, hq, rows, d], key [b, hk, keys, d] and value [b, hk, keys, e]; padding is zeros. */
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  /** Scores of the keys, [b, hk, keys, 1]; absent if the operator has none. */
  readonly score?: Tensor;
  /** Cotangent of the outputs for the backward pass, [b, hq, rows, e]. */
  readonly do?: Tensor;
}

/** A rank's part of every tensor of a call, by the names of the operator's document. */
export interface OwnTensors {
  /** Number of the rank's tokens. */
  readonly rows: number;
  /** Inputs, and backward the cotangents of the outputs: the rank's tokens of those that have any, and the others whole. */
  readonly tensors: Tensors;
}

/** Context of one rank of a job: everything that a scheme's program gets. */
export interface RankContext {
  readonly comm: Communicator;
  readonly attention: BlockAttention;
  /** Linear attention inside the rank's own chunk. */
  readonly chunk: Pick<ChunkAttention, 'forward' | 'backward'>;
  /** The operator over the rank's own tokens, if it carries a state. */
  readonly operator: Pick<OperatorChunk, 'forward' | 'backward' | 'takes'>;
  readonly own: OwnTensors;
  readonly whole: WholeProblem;
  readonly world: World;
  /** Positions of the keys of every rank, and of its queries. */
  readonly keys: readonly (readonly Positions[])[];
  readonly queries: readonly (readonly Positions[])[];
  readonly shard: Shard;
  /** Dtype in which partial sums travel: f64 for f64, else f32. */
  readonly accumulator: 'f32' | 'f64';
  readonly dtype: DType;
  /** True if the gradient of the sink is asked for. */
  readonly dsink: boolean;
  /** Results that the forward pass keeps for the backward pass, so that they are not sent twice. */
  readonly saved: { heads?: object; state?: Tensor; layer?: Tensor; open?: number; remapped?: object; matrices?: readonly Tensor[] };
}

/**
 * A rank's part of the outputs or gradients of an operator that carries a state, by name, in float64. What has tokens are those of the
 * rank. Of the rest, which belongs to no token, every rank has a part, and the whole is their sum: only the last rank has the state after
 * all tokens.
 */
export type NamedParts = Readonly<Record<string, Float64Array>>;

/** Result of a rank's forward pass: o and LSE, or outputs by name. */
export interface RankOutputs extends AttentionState {
  readonly parts?: NamedParts;
}

/** Gradients of a rank's shard, in float64; dsink [hq] is the same on every rank. */
export interface ShardGradients {
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
  readonly dsink?: Float64Array;
  /** Gradients by name, in the place of the others. */
  readonly parts?: NamedParts;
}

/** Result of one rank. Outputs are rounded to the dtypes in which they are stored, then widened to float64. */
export interface RankResult extends RankOutputs {
  readonly gradients?: ShardGradients;
  /** Visible cells that the rank computed in the forward pass, over heads and batch entries. */
  readonly area: number;
}

/**
 * Global o and LSE of a rank's rows, in the dtypes in which they are stored; the LSE is empty if
 * the operator has none.
 */
export interface StoredOutputs {
  readonly o: Tensor;
  readonly lse: Tensor;
}

/** Program of a scheme, which every rank runs. Its document in spec/schemes has the same name. */
export interface SchemeProgram {
  readonly name: string;
  /**
   * Returns the positions of each rank's keys. Needed if the scheme's document leaves them to a
   * solver; if absent, the document's layout holds.
   */
  solve?(whole: WholeProblem, world: World): Positions[][];
  /** Returns the positions of each rank's tokens during attention, for programs that remap tokens. */
  remapped?(whole: WholeProblem, world: World): Positions[][];
  /**
   * Returns in words why the program does not compute a case, or undefined if it does. If absent,
   * the needs in the scheme's document decide.
   */
  refuses?(world: World, mask: Mask): string | undefined;
  /**
   * Returns the layout by which the ranks' rows and keys are gathered into whole tensors. If
   * absent, it is `layout`, by which they were cut.
   */
  putBack?(layout: SchemeLayout, world: World): SchemeLayout;
  /** Returns o and LSE of the rank's rows; the LSE is empty if the operator has none. */
  forward(rank: RankContext): Promise<RankOutputs>;
  backward?(rank: RankContext, outputs: StoredOutputs): Promise<ShardGradients>;
}
