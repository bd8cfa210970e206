import type { CompiledMask } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Problem } from '../../../../spec/problem.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

/** Replaces the mask of a problem. */
export function seeing(
  problem: Problem,
  { visible, segmentOf = problem.mask.segmentOf }: Pick<MaskHypothesis, 'visible' | 'segmentOf'>,
): Problem {
  const { b, heads, m, n } = problem.mask;
  const runs: CompiledMask['runs'] = (x, h, i, out) => {
    let count = 0;
    let inside = false;
    for (let j = 0; j < n; j++) {
      if (visible(x, h, i, j) === inside) continue;
      out[2 * count + (inside ? 1 : 0)] = j;
      if (inside) count++;
      inside = !inside;
    }
    if (inside) out[2 * count++ + 1] = n;
    return count;
  };
  const area = () => {
    let cells = 0;
    for (let row = 0; row < b * heads * m; row++) {
      for (let j = 0; j < n; j++) if (visible(Math.floor(row / (heads * m)), Math.floor(row / m) % heads, row % m, j)) cells++;
    }
    return cells;
  };
  return { ...problem, mask: { ...problem.mask, perBatch: b > 1, perHead: heads > 1, visible, runs, area, segmentOf } };
}
