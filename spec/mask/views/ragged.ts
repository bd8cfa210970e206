import { areaOf } from '../compile/area.js';
import type { CompiledMask, Segment } from '../compile/compiled-mask.js';

/** Mask of segments: a row sees keys of its segment, if any. @throws {RangeError} for a misfit. */
export function raggedMask(sizes: Pick<CompiledMask, 'b' | 'heads' | 'm' | 'n'>, segments: readonly Segment[]): CompiledMask {
  const { b, heads, m, n } = sizes;
  const ofRow = new Int32Array(b * m).fill(-1);
  for (const [place, segment] of segments.entries()) {
    check(segment, sizes);
    ofRow.fill(place, segment.b * m + segment.queries[0], segment.b * m + segment.queries[1]);
  }
  const segmentOf = (batch: number, query: number): Segment | undefined => segments[ofRow[batch * m + query]];
  const ragged: CompiledMask = {
    b,
    heads,
    m,
    n,
    perBatch: b > 1,
    perHead: segments.some(({ mask }) => mask.perHead),
    visible(batch, head, query, key) {
      const segment = segmentOf(batch, query);
      if (!segment) return false;
      const { queries, keys, mask } = segment;
      return keys[0] <= key && key < keys[1] && mask.visible(0, head, query - queries[0], key - keys[0]);
    },
    runs(batch, head, query, out) {
      const segment = segmentOf(batch, query);
      if (!segment) return 0;
      const count = segment.mask.runs(0, head, query - segment.queries[0], out);
      for (let x = 0; x < 2 * count; x++) out[x] += segment.keys[0];
      return count;
    },
    scans: () => segments.some(({ mask }) => mask.scans?.() ?? true),
    area: () => areaOf(ragged),
    tables: {},
    segmentOf,
  };
  return ragged;
}

function check({ b, queries, keys, mask }: Segment, sizes: Pick<CompiledMask, 'b' | 'heads' | 'm' | 'n'>): void {
  const within = ([start, end]: readonly [number, number], size: number) => 0 <= start && start <= end && end <= size;
  if (b < 0 || b >= sizes.b || !within(queries, sizes.m) || !within(keys, sizes.n)) {
    throw new RangeError(
      `batch entry ${b}, queries [${queries}) and keys [${keys}) lie outside a mask of ${sizes.b} × ${sizes.m} × ${sizes.n}`,
    );
  }
  if (mask.b !== 1 || mask.heads !== sizes.heads || mask.m !== queries[1] - queries[0] || mask.n !== keys[1] - keys[0]) {
    throw new RangeError(
      `a segment of queries [${queries}) and keys [${keys}) has a mask of ${mask.b} × ${mask.heads} × ${mask.m} × ${mask.n}`,
    );
  }
}
