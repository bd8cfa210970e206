import type { Positions } from '../../../spec/scheme/positions.js';
import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { HeadRange } from '../blocks/local-attention.js';
import type { Groups } from '../collectives/groups.js';
import type { Ring } from './rings.js';

/** What a rank brings to a ring, or to a ring of rings (the outermost first): queries that stay, keys and values that go round. */
export interface RingShare {
  readonly rings: readonly Ring[];
  readonly queries: readonly Positions[];
  /** By place in the rings, the innermost counted first. */
  readonly keys: readonly (readonly Positions[])[];
  /** All heads where absent. */
  readonly heads?: HeadRange;
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/** A share that came by an all-to-all from rows to heads: some heads of all rows of a group. */
export interface HeadShare extends RingShare {
  readonly groups: Groups;
  /** Of its queries, global, as they are stored. */
  readonly o: Tensor;
  readonly lse: Tensor;
}

/** What a rank computed attention of, where tokens were remapped for it, and the o and LSE that it came to, as they are stored. */
export interface RemappedShare {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  readonly o: Tensor;
  readonly lse: Tensor;
}
