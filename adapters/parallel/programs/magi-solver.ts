import type { CompiledMask } from '../../../spec/mask/compiled-mask.js';
import { runTotal } from '../../../spec/mask/run-list.js';

/** Visible cells of each chunk of queries, over heads and batch entries; those of padding are none. */
export function chunkAreas(mask: CompiledMask, chunk: number, chunks: number): Float64Array {
  const areas = new Float64Array(chunks);
  const runs = new Int32Array(mask.n + 2);
  const batches = mask.perBatch ? mask.b : 1;
  const heads = mask.perHead ? mask.heads : 1;
  const weight = (mask.b / batches) * (mask.heads / heads);
  for (let b = 0; b < batches; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < mask.m; i++) areas[Math.floor(i / chunk)] += weight * runTotal(runs, mask.runs(b, h, i, runs));
    }
  }
  return areas;
}

/**
 * Gives each rank equally many chunks, so that the largest area of a rank is small. Chunks are dealt in rounds of one for each rank, the largest
 * first, the larger ones of a round to the ranks that have less. So a rank's lead over another never exceeds the largest difference within a
 * round: a lead D becomes |D − δ| ≤ max(D, δ), with δ ≥ 0 of the round. Hence the largest area of a rank is at most the mean and (P − 1)/P of
 * that difference, and at most 2 − 1/P times the least possible. Where contiguous chunks do no worse, they are taken.
 * @param areas of the chunks; their number is a multiple of `ranks`.
 * @returns for each rank its chunks, ascending.
 */
export function dispatch(areas: ArrayLike<number>, ranks: number): number[][] {
  const perRank = areas.length / ranks;
  const contiguous = Array.from({ length: ranks }, (_, rank) => Array.from({ length: perRank }, (_, x) => rank * perRank + x));
  const dealt = deal(areas, ranks);
  return largestOf(contiguous, areas) <= largestOf(dealt, areas) ? contiguous : dealt;
}

function deal(areas: ArrayLike<number>, ranks: number): number[][] {
  const bySize = Array.from(areas, (_, chunk) => chunk).sort((x, y) => areas[y] - areas[x] || x - y);
  const hands = Array.from({ length: ranks }, () => ({ chunks: [] as number[], area: 0 }));
  for (let at = 0; at < bySize.length; at += ranks) {
    const poorestFirst = [...hands].sort((x, y) => x.area - y.area);
    poorestFirst.forEach((hand, x) => {
      hand.chunks.push(bySize[at + x]);
      hand.area += areas[bySize[at + x]];
    });
  }
  return hands.map(({ chunks }) => chunks.sort((x, y) => x - y));
}

function largestOf(dispatched: readonly (readonly number[])[], areas: ArrayLike<number>): number {
  return Math.max(...dispatched.map((chunks) => chunks.reduce((sum, chunk) => sum + areas[chunk], 0)));
}
