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

/** Shard of a rank at the start; empty if the operator carries a state (see `own`). */
export interface Shard {
  /** q [b, hq, rows, d], k [b, hk, keys, d] and v [b, hk, keys, e], padded with zeros. */
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  /** Scores of the keys, [b, hk, keys, 1]. */
  readonly score?: Tensor;
  /** Cotangent of the outputs, [b, hq, rows, e]. */
  readonly do?: Tensor;
}

/** Tensors of a rank by the names of the operator's document. */
export interface OwnTensors {
  readonly rows: number;
  /** Inputs and cotangents: the rank's tokens, or the whole tensor without a token axis. */
  readonly tensors: Tensors;
}

/** Context that a scheme's program gets on one rank. */
export interface RankContext {
  readonly comm: Communicator;
  readonly attention: BlockAttention;
  readonly chunk: Pick<ChunkAttention, 'forward' | 'backward'>;
  /** Operator over the rank's tokens, if it carries a state. */
  readonly operator: Pick<OperatorChunk, 'forward' | 'backward' | 'takes'>;
  readonly own: OwnTensors;
  readonly whole: WholeProblem;
  readonly world: World;
  /** Positions of every rank's keys and queries. */
  readonly keys: readonly (readonly Positions[])[];
  readonly queries: readonly (readonly Positions[])[];
  readonly shard: Shard;
  /** Dtype of partial sums in messages: f64 for f64, else f32. */
  readonly accumulator: 'f32' | 'f64';
  readonly dtype: DType;
  readonly dsink: boolean;
  /** Results that the forward pass keeps for the backward pass. */
  readonly saved: { heads?: object; state?: Tensor; layer?: Tensor; open?: number; remapped?: object; matrices?: readonly Tensor[] };
}

/**
 * Outputs or gradients by name, in float64. Token axes are sharded; tensors without one are partial
 * sums over ranks, e.g. the state after all tokens, on the last rank.
 */
export type NamedParts = Readonly<Record<string, Float64Array>>;

/** Outputs of a rank's forward pass: o and LSE, or outputs by name. */
export interface RankOutputs extends AttentionState {
  readonly parts?: NamedParts;
}

/** Gradients of a rank's shard, in float64; dsink [hq] is the same on every rank. */
export interface ShardGradients {
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
  readonly dsink?: Float64Array;
  readonly parts?: NamedParts;
}

/** Result of a rank, rounded to storage, then widened to float64. */
export interface RankResult extends RankOutputs {
  readonly gradients?: ShardGradients;
  /** Visible cells of the rank's forward pass, over heads and batch entries. */
  readonly area: number;
}

/** Global o and LSE of a rank's rows, as stored; the LSE is empty for operators without one. */
export interface StoredOutputs {
  readonly o: Tensor;
  readonly lse: Tensor;
}

/** Program of a scheme, run by every rank; named like its document in spec/schemes. */
export interface SchemeProgram {
  readonly name: string;
  /** Returns the positions of each rank's keys; default: the layout in the document. */
  solve?(whole: WholeProblem, world: World): Positions[][];
  /** Returns the positions of each rank's tokens during attention, for programs that remap. */
  remapped?(whole: WholeProblem, world: World): Positions[][];
  /** Returns the reason to refuse a case; default: the needs in the document. */
  refuses?(world: World, mask: Mask): string | undefined;
  /** Returns the layout for gathering the results; default: `layout`. */
  putBack?(layout: SchemeLayout, world: World): SchemeLayout;
  /** Returns o and LSE of the rank's rows; the LSE is empty for operators without one. */
  forward(rank: RankContext): Promise<RankOutputs>;
  backward?(rank: RankContext, outputs: StoredOutputs): Promise<ShardGradients>;
}
