import { queryOffset } from '../../../../spec/mask/query-offset.js';
import type { Subject } from '../hypothesis.js';
import { type MaskHypothesis, tileSizes } from './mask-hypothesis.js';
import { signedByte, singleMask } from './position.js';

/** Causal masks with other ends; one that is right in some cases is evidence there. */
export function* causalHypotheses({ problem }: Subject): Generator<MaskHypothesis> {
  if (singleMask(problem)?.name !== 'causal') return;
  const offset = queryOffset(problem.dialect.causal, problem.mask.m, problem.mask.n);
  const upTo = (text: string, last: (i: number) => number, size?: number): MaskHypothesis => ({
    text,
    ...(size !== undefined && { size }),
    visible: (_b, _h, i, j) => j <= last(i),
  });
  yield upTo('a causal mask without its diagonal (j < i instead of j ≤ i)', (i) => i + offset - 1);
  yield upTo('a causal mask that shows the next key (j ≤ i + 1 instead of j ≤ i)', (i) => i + offset + 1);
  yield upTo('a causal mask whose offset n − m is added twice', (i) => i + 2 * offset);
  yield upTo('a causal mask that hides nothing where there are fewer queries than keys', (i) => (offset > 0 ? Infinity : i + offset));
  const last = problem.mask.m - 1;
  yield upTo('a causal mask that hides nothing from the last query', (i) => (i === last ? Infinity : i + offset));
  if (signedByte(offset) !== offset) yield upTo('a causal mask whose offset n − m is kept in 8 bits', (i) => i + signedByte(offset));
  for (const tile of tileSizes) {
    yield upTo(
      'a causal mask that hides nothing in the tile of its diagonal, with tiles of {} keys',
      (i) => Math.ceil(Math.max(0, i + offset + 1) / tile) * tile - 1,
      tile,
    );
  }
}
