import type { Segment } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { visibleIn } from './segments.js';

export type Bounds = readonly [start: number, end: number];

/** Segment that reads other keys, or with queries at other positions. */
export interface Replacement {
  readonly of: Segment;
  readonly keys: Bounds;
  /** Sizes of its mask, aligned at the last row and column; absent: those of the segment. */
  readonly rows?: number;
  readonly columns?: number;
}

export function lengthOf([start, end]: Bounds): number {
  return end - start;
}

/** Problem with replaced segments, each under the case's mask. */
export function replaced({ problem, problemOf }: Subject, what: string, replacements: readonly Replacement[]): MaskHypothesis {
  const text = `a kernel where ${what}`;
  const { history: _, ...c } = problem.case;
  const q = replacements.map(({ of, rows = lengthOf(of.queries) }) => rows);
  const k = replacements.map(({ keys, columns = lengthOf(keys) }) => columns);
  const [m, n] = [q, k].map((sizes) => sizes.reduce((a, b) => a + b, 0));
  if (n === 0) return { text, visible: () => false };
  const { mask } = problemOf({ ...c, dims: { ...c.dims, b: 1, m, n }, packed: { q, k } });
  const found = new Map<Segment, Segment>();
  let row = 0;
  for (const [x, { of, keys }] of replacements.entries()) {
    const compiled = mask.segmentOf?.(0, row);
    row += q[x];
    if (compiled) found.set(of, { ...of, keys, mask: compiled.mask, offset: compiled.offset });
  }
  const segmentOf = (b: number, i: number) => {
    const own = problem.mask.segmentOf?.(b, i);
    return own && found.get(own);
  };
  return { text, segmentOf, visible: visibleIn(segmentOf) };
}
