import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

const widths = [2, 4, 8, 16, 32, 64, 128];
/** Bits of an index. */
const indexes = [8, 10, 11, 12, 15];

/** Keys at the ends that nothing sees. */
export function* tailHypotheses({ problem: { mask } }: Subject): Generator<MaskHypothesis> {
  const { n } = mask;
  const within = (text: string, first: number, end: number): MaskHypothesis => ({
    text: `what comes out where ${text}`,
    visible: (b, h, i, j) => j >= first && j < end && mask.visible(b, h, i, j),
  });
  if (n === 1) return;
  yield within('the first key is lost', 1, n);
  yield within('the last key is lost', 0, n - 1);
  for (const width of widths) {
    if (n <= width) break;
    if (n % width !== 0) yield { ...within('keys after the last whole tile of {} are lost', 0, n - (n % width)), size: width };
    yield { ...within('the last tile of {} keys is skipped', 0, Math.floor((n - 1) / width) * width), size: width };
  }
  for (const bits of indexes)
    if (n > 2 ** bits) yield within(`keys from ${2 ** bits} on are lost, as with an index of ${bits} bits`, 0, 2 ** bits);
}
