import type { Positions } from '../../spec/scheme/positions.js';
import type { SchemeLayout } from '../../spec/scheme/volume.js';
import type { World } from '../../spec/scheme/world.js';
import type { DType } from '../../spec/tensor/dtype.js';
import type { Tensor } from '../../spec/tensor/tensor.js';
import type { Mask } from '../../spec/types/documents.js';
import type { AttentionState } from './blocks/attention-state.js';
import type { ChunkAttention } from './blocks/chunk-attention.js';
import type { BlockAttention, WholeProblem } from './blocks/local-attention.js';
import type { Communicator } from './communicator.js';

/** What a rank has at the start: its shard of the problem. */
export interface Shard {
  /** [b, hq, rows, d], [b, hk, keys, d], [b, hk, keys, e]; padding is zeros. */
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  /** Of the keys, where the operator has scores: [b, hk, keys, 1]. */
  readonly score?: Tensor;
  /** For the backward pass: [b, hq, rows, e]. */
  readonly do?: Tensor;
}

/** One rank of a job. */
export interface RankContext {
  readonly comm: Communicator;
  readonly attention: BlockAttention;
  /** For linear attention inside the rank's own chunk. */
  readonly chunk: Pick<ChunkAttention, 'forward' | 'backward'>;
  readonly whole: WholeProblem;
  readonly world: World;
  /** The places of every rank's keys, and of its queries. */
  readonly keys: readonly (readonly Positions[])[];
  readonly queries: readonly (readonly Positions[])[];
  readonly shard: Shard;
  /** The type in which partial sums travel: f64 for f64, else f32. */
  readonly accumulator: 'f32' | 'f64';
  readonly dtype: DType;
  /** The gradient of the sink is asked for. */
  readonly dsink: boolean;
  /** What the forward pass leaves for the backward pass, so that it is not sent twice. */
  readonly saved: { heads?: object; state?: Tensor; layer?: Tensor; remapped?: object };
}

/** Gradients of a rank's shard, in float64; dsink [hq] the same on every rank. */
export interface ShardGradients {
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
  readonly dsink?: Float64Array;
}

/** Result of one rank. Outputs are rounded to how they are stored, then widened. */
export interface RankResult extends AttentionState {
  readonly gradients?: ShardGradients;
  /** Visible cells that it computed, forward, and with the backward pass. */
  readonly area: number;
}

/** The o and LSE of a rank's rows, global, as they are stored; an LSE of no rows where the operator has none. */
export interface StoredOutputs {
  readonly o: Tensor;
  readonly lse: Tensor;
}

/** A scheme as every rank runs it. Its document in spec/schemes has the same name. */
export interface SchemeProgram {
  readonly name: string;
  /** Where keys lie. Needed where the document leaves it to a solver; else it has the document's place. */
  solve?(whole: WholeProblem, world: World): Positions[][];
  /** Where tokens lie while attention is computed, for programs that remap them. */
  remapped?(whole: WholeProblem, world: World): Positions[][];
  /** Why it does not compute a case, in words, undefined where it does; by the document's needs where absent. */
  refuses?(world: World, mask: Mask): string | undefined;
  /** Where rows and keys are put back that were taken from `layout`; there, where absent. */
  putBack?(layout: SchemeLayout, world: World): SchemeLayout;
  /** The o and LSE of the rank's rows; an LSE of no rows where the operator has none. */
  forward(rank: RankContext): Promise<AttentionState>;
  backward?(rank: RankContext, outputs: StoredOutputs): Promise<ShardGradients>;
}
