import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { addInto } from '../collectives/all-reduce.js';
import { PendingSends } from '../collectives/pending-sends.js';
import type { Communicator } from '../communicator.js';
import { unawaited } from '../transports/unawaited.js';

const KEYS = 0;
const GRADIENTS = 1;

/** What a ring needs of a communicator. */
export type Ring = Pick<Communicator, 'rank' | 'size' | 'isend' | 'irecv' | 'isendrecv'>;

/** The gradients of the keys and values of one owner, in float64. */
export type KeyGradients = readonly [dk: Float64Array, dv: Float64Array];

/**
 * Visits the keys and values of every rank of the rings, its own first; the next ones are under way meanwhile. Several rings are a ring of
 * rings, the outermost first: at each of its stops the keys that came go once round the ring inside.
 * @param visit gets keys and values with their owner's place: ranks count in the innermost ring first; undefined where there is nothing to wait for.
 */
export function aroundRings(
  rings: readonly Ring[],
  kv: readonly Tensor[],
  visit: (kv: readonly Tensor[], owner: number) => Promise<void> | undefined,
  outer = 0,
): Promise<void> | undefined {
  if (rings.length === 0) return visit(kv, outer);
  const [ring, ...inner] = rings;
  return aroundRing(ring, kv, (held, from) => aroundRings(inner, held, visit, outer * ring.size + from));
}

/**
 * As `aroundRings`; what each visit adds to the gradients of the keys it saw goes round after them, and comes home to their owner: once in
 * the inner ring for each stop of the outer one. Partial sums travel in the accumulator.
 * @returns the gradients of the rank's own keys and values.
 */
export async function gradientsAroundRings(
  rings: readonly Ring[],
  kv: readonly Tensor[],
  accumulator: 'f32' | 'f64',
  visit: (kv: readonly Tensor[], owner: number) => Promise<KeyGradients>,
  outer = 0,
): Promise<KeyGradients> {
  if (rings.length === 0) return visit(kv, outer);
  const [ring, ...inner] = rings;
  if (ring.size === 1) return gradientsAroundRings(inner, kv, accumulator, visit, outer);
  const sends = new PendingSends();
  await aroundRing(ring, kv, async (held, from, step) => {
    let sums = await gradientsAroundRings(inner, held, accumulator, visit, outer * ring.size + from);
    if (step > 0) {
      // what the ranks before have added for these keys comes after them
      const before = await arrive(ring);
      before.forEach((sum, x) => {
        addInto(sum, sums[x]);
      });
      sums = before;
    }
    const leaving = sums.map((sum, x) => tensorOf(accumulator, held[x].shape, sum));
    sends.add(ring.isend(next(ring), leaving, GRADIENTS));
  });
  // the last hop brings them home
  const home = await arrive(ring);
  await sends.all();
  return home;
}

async function arrive(ring: Ring): Promise<KeyGradients> {
  const [dk, dv] = await ring.irecv(previous(ring), GRADIENTS);
  return [valuesOf(dk), valuesOf(dv)];
}

async function aroundRing(
  ring: Ring,
  kv: readonly Tensor[],
  visit: (kv: readonly Tensor[], from: number, step: number) => Promise<void> | undefined,
): Promise<void> {
  let held = kv;
  for (let step = 0; step < ring.size; step++) {
    const coming = step < ring.size - 1 ? ring.isendrecv(next(ring), held, previous(ring), KEYS) : undefined;
    const visited = visit(held, (ring.rank - step + ring.size) % ring.size, step);
    // nobody awaits it where the messages fail
    if (visited) unawaited(visited);
    if (coming) held = await coming;
    if (visited) await visited;
  }
}

const next = ({ rank, size }: Ring) => (rank + 1) % size;
const previous = ({ rank, size }: Ring) => (rank - 1 + size) % size;
