import { type Positions, placesOf, segmentsOf } from '../../../spec/positions.js';
import { valueIn, type World } from '../../../spec/scheme/world.js';
import { type Tensor, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Dims } from '../../../spec/types/documents.js';
import { mergeInto, partialLike } from '../blocks/attention-state.js';
import type { AttentionBlock, HeadRange, WholeProblem } from '../blocks/local-attention.js';
import { softmaxInside } from '../blocks/softmax-inside.js';
import { addInto, zerosLike } from '../collectives/all-reduce.js';
import { addRows, chooseRows, spreadRows } from '../collectives/chosen-rows.js';
import { PendingSends } from '../collectives/pending-sends.js';
import { join, slice } from '../collectives/slices.js';
import type { RankContext, SchemeProgram } from '../program.js';

const KEYS = 0;
const GRADIENTS = 1;

/**
 * LongNet: in each branch, the ranks of a segment gather the keys and values that its heads keep,
 * and attend their kept queries to them. Merging by LSEs weights pairs by their number of branches.
 * @param runsOf returns the query heads of a branch in order, grouped by kept tokens.
 */
export function longnetProgram(runsOf = headRuns): SchemeProgram {
  return {
    name: 'longnet',

    async forward(rank) {
      const { comm, shard } = rank;
      const [b, , rows] = shard.q.shape;
      const e = shard.v.shape[3];
      const result = partialLike(shard.q, e);
      for (const branch of branchesOf(rank.world)) {
        const os: Tensor[] = [];
        const lses: Tensor[] = [];
        const attention = rank.attention.over(problemOf(rank.whole, branch));
        for (const { block, queryRows } of await gatherBranch(rank, branch, runsOf)) {
          const partial = (await comm.external(attention.forward(block))) ?? partialLike(block.q, e);
          const heads = block.q.shape[1];
          const { o, lse } = spreadRows(partial, queryRows, b * heads, rows, e);
          os.push(tensor('f64', [b, heads, rows, e], o));
          lses.push(tensor('f64', [b, heads, rows], lse));
        }
        mergeInto(result, { o: valuesOf(join(os, 1)), lse: valuesOf(join(lses, 1)) });
      }
      return result;
    },

    async backward(rank, outputs) {
      const { comm, shard, accumulator } = rank;
      const [, , rows, d] = shard.q.shape;
      const dq = zerosLike(shard.q);
      const heads = Array.from({ length: shard.k.shape[1] }, (_, head) => [shard.k, shard.v].map((t) => slice(t, 1, head, 1)));
      const ofHeads = heads.map(([k, v]) => ({ dk: zerosLike(k), dv: zerosLike(v) }));
      for (const branch of branchesOf(rank.world)) {
        const dqs: Tensor[] = [];
        const attention = rank.attention.over(problemOf(rank.whole, branch));
        const sends = new PendingSends();
        const returned = new Map(others(comm).map((owner) => [owner, [] as Tensor[]]));
        const runs = await gatherBranch(rank, branch, runsOf);
        for (const { run, block, queryRows, sources } of runs) {
          const { first, group } = run.heads;
          const [o, cotangent] = [outputs.o, shard.do as Tensor].map((t) => chooseRows(slice(t, 1, first, group), queryRows));
          const lse = chooseLse(slice(outputs.lse, 1, first, group), queryRows);
          const found = await comm.external(attention.backward(block, o, lse, cotangent));
          const gradients = found ?? { dq: zerosLike(block.q), dk: zerosLike(block.k), dv: zerosLike(block.v) };
          const dqRun = zerosLike(slice(shard.q, 1, first, group));
          addRows(dqRun, gradients.dq, queryRows, rows, d);
          dqs.push(tensor('f64', [block.q.shape[0], group, rows, d], dqRun));
          const whole = [tensor('f64', block.k.shape, gradients.dk), tensor('f64', block.v.shape, gradients.dv)];
          let before = 0;
          for (const { owner, rows: keyRows } of sources) {
            const [dk, dv] = whole.map((t) => slice(t, 2, before, keyRows.length));
            before += keyRows.length;
            if (owner === comm.rank) addKeyGradients(ofHeads[run.keyHead], [dk, dv], keyRows, rows);
            else returned.get(owner)?.push(...[dk, dv].map((t) => tensorOf(accumulator, t.shape, valuesOf(t))));
          }
        }
        addInto(dq, valuesOf(join(dqs, 1)));
        for (const [owner, tensors] of returned) if (hasRows(tensors)) sends.add(comm.isend(owner, tensors, GRADIENTS));
        for (const from of others(comm)) {
          const given = runs.map(({ run }) => ({ run, keyRows: rowsGiven(rank, branch, run, comm.rank, from) }));
          const kept = given.filter(({ keyRows }) => keyRows.length > 0);
          if (kept.length === 0) continue;
          const received = await sends.during(comm.irecv(from, GRADIENTS));
          for (const [x, { run, keyRows }] of kept.entries())
            addKeyGradients(ofHeads[run.keyHead], received.slice(2 * x, 2 * x + 2), keyRows, rows);
        }
        await sends.all();
      }
      const [dk, dv] = (['dk', 'dv'] as const).map((name, x) =>
        join(
          ofHeads.map((gradients, head) => tensor('f64', heads[head][x].shape, gradients[name])),
          1,
        ),
      );
      return { dq, dk: valuesOf(dk), dv: valuesOf(dv) };
    },
  };
}

interface Source {
  readonly owner: number;
  readonly rows: Int32Array;
}

/** Kept queries of a run of heads against kept keys of their segments, in rank order. */
interface BranchBlock {
  readonly run: HeadRun;
  readonly block: AttentionBlock;
  readonly queryRows: Int32Array;
  readonly sources: readonly Source[];
}

/** Exchanges kept keys between ranks with tokens in the same segments. */
async function gatherBranch(rank: RankContext, branch: Branch, runsOf: typeof headRuns): Promise<BranchBlock[]> {
  const { comm, whole, shard, queries, keys } = rank;
  const runs = runsOf(whole.case.dims, branch.rate);
  const sends = new PendingSends();
  for (const to of others(comm)) {
    const tensors = runs.flatMap((run) => keptOf(rank, run, rowsGiven(rank, branch, run, comm.rank, to)));
    if (hasRows(tensors)) sends.add(comm.isend(to, tensors, KEYS));
  }
  const received = new Map<number, Tensor[]>();
  for (const from of others(comm)) {
    if (runs.every((run) => rowsGiven(rank, branch, run, from, comm.rank).length === 0)) continue;
    received.set(from, await sends.during(comm.irecv(from, KEYS)));
  }
  await sends.all();
  const ownPlaces = placesOf(queries[comm.rank]);
  return runs.map((run, x) => {
    const sources = keys
      .map((_, owner) => ({ owner, rows: rowsGiven(rank, branch, run, owner, comm.rank) }))
      .filter(({ rows }) => rows.length > 0);
    const parts = sources.map(({ owner, rows }) =>
      owner === comm.rank ? keptOf(rank, run, rows) : (received.get(owner) as Tensor[]).slice(2 * x, 2 * x + 2),
    );
    const [k, v] =
      parts.length > 0
        ? [0, 1].map((y) =>
            join(
              parts.map((part) => part[y]),
              2,
            ),
          )
        : keptOf(rank, run, new Int32Array(0));
    const queryRows = rowsGiven(rank, branch, run, comm.rank, comm.rank);
    const places = sources.flatMap(({ owner, rows }) => {
      const all = placesOf(keys[owner]);
      return Array.from(rows, (row) => all[row]);
    });
    const block = {
      queries: segmentsOf(queryRows.map((row) => ownPlaces[row])),
      keys: segmentsOf(places),
      q: chooseRows(slice(shard.q, 1, run.heads.first, run.heads.group), queryRows),
      k,
      v,
      heads: run.heads,
      sink: false,
    };
    return { run, block, queryRows, sources };
  });
}

/** Returns rows of the owner's shard that a run keeps, in segments of the rank `to`. */
function rowsGiven({ keys, world }: RankContext, branch: Branch, { offset }: HeadRun, owner: number, to: number): Int32Array {
  return keptRows(keys[owner], keys[to], world.tokens, branch, offset);
}

function keptOf({ shard }: RankContext, { keyHead }: HeadRun, rows: Int32Array): Tensor[] {
  return [shard.k, shard.v].map((t) => chooseRows(slice(t, 1, keyHead, 1), rows));
}

function problemOf(whole: WholeProblem, { segment }: Branch): WholeProblem {
  const { mask, dims } = whole.case;
  const lengths = Array.from({ length: Math.ceil(dims.n / segment) }, (_, x) => Math.min(segment, dims.n - x * segment));
  return softmaxInside(whole, { and: [mask, { name: 'document', parameters: { lengths } }] });
}

/** Returns these rows of an LSE [b, heads, l]. */
function chooseLse(lse: Tensor, rows: Int32Array): Tensor {
  const { shape } = lse;
  const chosen = chooseRows(tensor(lse.dtype, [...shape, 1], lse.data), rows);
  return tensor(lse.dtype, chosen.shape.slice(0, 3), chosen.data);
}

function addKeyGradients(
  { dk, dv }: { dk: Float64Array; dv: Float64Array },
  [ofKeys, ofValues]: Tensor[],
  rows: Int32Array,
  l: number,
): void {
  addRows(dk, valuesOf(ofKeys), rows, l, ofKeys.shape[3]);
  addRows(dv, valuesOf(ofValues), rows, l, ofValues.shape[3]);
}

function hasRows(tensors: readonly Tensor[]): boolean {
  return tensors.some(({ shape }) => shape[2] > 0);
}

function others({ rank, size }: RankContext['comm']): number[] {
  return Array.from({ length: size }, (_, other) => other).filter((other) => other !== rank);
}

export const programs: readonly SchemeProgram[] = [longnetProgram()];

/** Branch that keeps every `rate`-th token of segments of `segment` tokens. */
export interface Branch {
  readonly segment: number;
  readonly rate: number;
}

/** Run of adjacent query heads of one key head that keep tokens at `offset` modulo the rate. */
export interface HeadRun {
  readonly keyHead: number;
  readonly heads: HeadRange;
  readonly offset: number;
}

/** Returns the branches: branch x has segments of segment·ratioˣ tokens and the rate ratioˣ. */
export function branchesOf(world: World): Branch[] {
  const [segment, ratio, levels] = ['segment', 'ratio', 'levels'].map((name) => valueIn(world, name));
  return Array.from({ length: levels }, (_, level) => ({ segment: segment * ratio ** level, rate: ratio ** level }));
}

/** Returns all query heads as runs: head h keeps tokens at ⌊h / ⌈heads / rate⌉⌋ modulo the rate. */
export function headRuns({ hk, g }: Pick<Dims, 'hk' | 'g'>, rate: number): HeadRun[] {
  const together = Math.ceil((hk * g) / rate);
  const runs: HeadRun[] = [];
  for (let first = 0; first < hk * g; ) {
    const keyHead = Math.floor(first / g);
    const offset = Math.floor(first / together);
    const end = Math.min((keyHead + 1) * g, (offset + 1) * together);
    runs.push({ keyHead, heads: { first, keyHeads: 1, group: end - first }, offset });
    first = end;
  }
  return runs;
}

/** Returns rows that a head keeps, without padding, in segments of the contiguous shard `near`. */
function keptRows(
  shard: readonly Positions[],
  near: readonly Positions[],
  tokens: number,
  { segment, rate }: Branch,
  offset: number,
): Int32Array {
  const [places, others] = [placesOf(shard), placesOf(near)];
  const segmentOf = (place: number) => Math.floor(place / segment);
  const [first, last] = [segmentOf(others[0]), segmentOf(others[others.length - 1])];
  return Int32Array.from(places.keys()).filter((row) => {
    const place = places[row];
    return place < tokens && place % rate === offset && segmentOf(place) >= first && segmentOf(place) <= last;
  });
}
