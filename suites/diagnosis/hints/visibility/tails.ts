import type { CompiledMask } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

const widths = [2, 4, 8, 16, 32, 64, 128];
const indexes = [8, 10, 11, 12, 15];

export const firstKeyLost = 'the first key is lost';
export const lastKeyLost = 'the last key is lost';

/** A lost first or last key. */
export function* endHypotheses({ problem: { mask } }: Subject): Generator<MaskHypothesis> {
  if (mask.n === 1) return;
  yield within(mask, firstKeyLost, 1, mask.n);
  yield within(mask, lastKeyLost, 0, mask.n - 1);
}

/** Lost keys from some index on. */
export function* tailHypotheses({ problem: { mask } }: Subject): Generator<MaskHypothesis> {
  const { n } = mask;
  for (const width of widths) {
    if (n <= width) break;
    if (n % width !== 0) yield { ...within(mask, 'keys after the last whole tile of {} are skipped', 0, n - (n % width)), size: width };
    yield { ...within(mask, 'the last tile of {} keys is skipped', 0, Math.floor((n - 1) / width) * width), size: width };
  }
  for (const bits of indexes)
    if (n > 2 ** bits) yield within(mask, `keys from ${2 ** bits} on are lost, as with an index of ${bits} bits`, 0, 2 ** bits);
}

function within(mask: CompiledMask, text: string, first: number, end: number): MaskHypothesis {
  return {
    text: `a kernel where ${text}`,
    visible: (b, h, i, j) => j >= first && j < end && mask.visible(b, h, i, j),
  };
}
