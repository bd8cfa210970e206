import { type Positions, placesOf } from '../../../../spec/positions.js';
import { ownersOf } from '../../../../spec/scheme/owners.js';
import { valueIn } from '../../../../spec/scheme/world.js';
import { tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import { chooseRows } from '../../../parallel/collectives/chosen-rows.js';
import { packDocuments, placesOfGroups } from '../../../parallel/collectives/document-groups.js';
import type { RankContext } from '../../../parallel/program.js';
import { hybridGroups, hybridProgram } from '../../../parallel/programs/hybrid.js';
import { zeppelinGroups, zeppelinProgram } from '../../../parallel/programs/zeppelin.js';
import { type Mutant, mutantsOf } from '../lib/mutant.js';
import { otherBlocks } from './blocks.js';
import { communicatorWith, faulty, faultyRanks } from './faulty.js';

/** Mutants of schemes that assign ranks to documents or divide queries into segments. */
export const byDocumentMutants: readonly Mutant[] = [
  ...mutantsOf('Shard layout', [
    {
      id: 'hybrid-degree-rounded-down',
      title: 'a document has the next smaller power of two of ranks, and what does not fit them is on none',
      imitates: 'the number of ranks of a sample by a logarithm that is cut off, with buffers of the largest share',
      fault: {
        programs: [
          hybridProgram(({ case: c }, world) => {
            const longest = valueIn(world, 'longest');
            const groups = packDocuments(c.mask, world, (length) => {
              let size = 1;
              while (2 * size * longest <= length) size *= 2;
              return size;
            });
            return groups.map((group) => ({ ...group, places: group.places.map((places) => firstOf(places, longest)) }));
          }),
        ],
      },
    },
    {
      id: 'zeppelin-back-in-order-of-arrival',
      title: 'what comes back from attention is left in the order of the ranks that sent it',
      imitates: 'a remapping back to linear layers by an all-to-all without the inverse of the permutation there',
      fault: faulty('zeppelin', ({ forward }) => ({
        async forward(rank) {
          const { o, lse } = await forward(rank);
          const [b, h, rows] = rank.shard.q.shape;
          const order = orderOfArrival(rank);
          const arrived = (values: Float64Array, width: number) =>
            valuesOf(chooseRows(tensorOf('f64', [b, h, rows, width], values), order));
          return { o: arrived(o, rank.shard.v.shape[3]), ...(lse && { lse: arrived(lse, 1) }) };
        },
      })),
    },
  ]),
  ...mutantsOf('Masks under CP', [
    {
      id: 'zeppelin-positions-from-zero',
      title: 'positions start anew in what each rank has of a document',
      imitates: 'position ids of packed sequences that are made after these were cut and remapped',
      fault: otherBlocks('zeppelin', (block) => ({ ...block, queries: fromZero(block.queries), keys: fromZero(block.keys) })),
    },
    {
      id: 'lss-segment-from-zero',
      title: 'the queries of each segment are taken to lie at the first tokens',
      imitates: 'a causal mask aligned at its top left for a segment of queries against the gathered keys',
      fault: otherBlocks('lss', (block) => ({ ...block, queries: fromZero(block.queries) })),
    },
  ]),
  ...mutantsOf('Ring merge', [
    {
      id: 'lss-gradients-averaged',
      title: 'dk and dv are the mean over the ranks rather than the sum',
      imitates: 'gradients of keys reduced as those of weights are, by an average over all ranks',
      fault: faultyRanks('lss', ({ comm }) => ({
        comm: communicatorWith(comm, {
          reduceScatter: async (parts) =>
            (await comm.reduceScatter(parts)).map((t) =>
              tensorOf(
                t.dtype,
                t.shape,
                valuesOf(t).map((x) => x / comm.size),
              ),
            ),
        }),
      })),
    },
  ]),
  ...mutantsOf('Messages', [
    {
      id: 'hybrid-neighbour-of-the-world',
      title: 'the next rank of a ring is the next of all ranks rather than of the group',
      imitates: 'neighbours counted modulo the size of the job once rings go over part of it',
      fault: faultyRanks('hybrid', ({ comm }) => ({
        comm: communicatorWith(comm, {
          isendrecv: (_, tensors, from, tag) => comm.isendrecv((comm.rank + 1) % comm.size, tensors, from, tag),
        }),
      })),
    },
  ]),
  ...mutantsOf('Bytes and balance', [
    {
      id: 'hybrid-ring-of-all-ranks',
      title: 'the keys of each document go round all ranks',
      imitates: 'a context-parallel group of the whole job for samples that are computed by a few of its ranks',
      fault: {
        programs: [
          hybridProgram((whole, world) => {
            const ranks = Array.from({ length: world.ranks }, (_, rank) => rank);
            return hybridGroups(whole, world).map((group) => ({
              ranks,
              places: ranks.map((rank) => (group.ranks.includes(rank) ? group.places[group.ranks.indexOf(rank)] : [])),
            }));
          }),
        ],
      },
    },
    {
      id: 'zeppelin-load-not-counted',
      title: 'every document that does not need all ranks has the first ones',
      imitates: 'groups of ranks by their size alone, so that all short sequences meet on one device',
      fault: {
        programs: [
          zeppelinProgram((whole, world) =>
            zeppelinGroups(whole, world).map((group) => ({ ...group, ranks: group.ranks.map((rank) => rank - group.ranks[0]) })),
          ),
        ],
      },
    },
  ]),
];

function firstOf(places: readonly Positions[], count: number): Positions[] {
  let left = count;
  return places.flatMap((part) => {
    const length = Math.min(part.length, left);
    left -= length;
    return length > 0 ? [{ ...part, length }] : [];
  });
}

function fromZero(places: readonly Positions[]): Positions[] {
  return places.map((part) => ({ ...part, start: part.start - places[0].start }));
}

/** Returns the indices of the rank's rows, ordered by the rank that computes their attention. */
function orderOfArrival({ comm, keys, whole, world }: RankContext): Int32Array {
  const owners = ownersOf(placesOfGroups(zeppelinGroups(whole, world), world.ranks), world.tokens);
  const computedBy = placesOf(keys[comm.rank]).map((place) => owners[place]);
  return Int32Array.from(computedBy.keys()).sort((x, y) => computedBy[x] - computedBy[y] || x - y);
}
