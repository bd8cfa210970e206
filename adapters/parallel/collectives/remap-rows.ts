import { type Positions, placesOf } from '../../../spec/positions.js';
import { ownersOf } from '../../../spec/scheme/owners.js';
import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { Communicator } from '../communicator.js';
import { chooseRows } from './chosen-rows.js';
import { join } from './slices.js';

/** Layout of tokens: ascending positions of each rank, and the rank of each token. */
export interface TokenPlaces {
  readonly places: readonly (readonly Positions[])[];
  readonly owners: Int32Array;
}

/** Returns the layout for the positions of each rank. Each token lies on some rank. */
export function tokenPlaces(places: readonly (readonly Positions[])[], tokens: number): TokenPlaces {
  return { places, owners: ownersOf(places, tokens) };
}

/** All-to-all of rows [b, heads, rows, width] between layouts; rows arrive in position order. */
export async function remapRows(comm: Communicator, tensors: readonly Tensor[], from: TokenPlaces, to: TokenPlaces): Promise<Tensor[]> {
  const leaving = rowsByOwner(from.places[comm.rank], to.owners, comm.size);
  const received = await comm.allToAll(leaving.map((rows) => tensors.map((t) => chooseRows(t, rows))));
  const arriving = rowsByOwner(to.places[comm.rank], from.owners, comm.size).flatMap((rows) => [...rows]);
  const order = new Int32Array(arriving.length);
  arriving.forEach((row, x) => {
    order[row] = x;
  });
  const joined = (x: number) =>
    join(
      received.map((parts) => parts[x]),
      2,
    );
  return tensors.map((_, x) => chooseRows(joined(x), order));
}

/** Returns these rows' indices, grouped by their rank in the other layout. */
function rowsByOwner(places: readonly Positions[], owners: Int32Array, ranks: number): Int32Array[] {
  const rows: number[][] = Array.from({ length: ranks }, () => []);
  placesOf(places).forEach((place, row) => {
    rows[owners[place]].push(row);
  });
  return rows.map((list) => Int32Array.from(list));
}
