import { freemem } from 'node:os';
import { bytesText, countText } from '../../../../spec/lib/units.js';
import { bytesOf } from '../../../../spec/tensor/dtype.js';
import type { Case, Dims } from '../../../../spec/types/documents.js';
import { LONGEST_DATA } from '../frames.js';

const SHARE = 0.8;

type Sized = Pick<Case, 'dims' | 'dtype'>;

/** Bytes in the kernel's process, and in the judge's in float64 with bounds. */
export function bytesOfTiming({ dims, dtype }: Sized, pass: 'forward' | 'backward'): { readonly all: number; readonly answer: number } {
  const { q, kv, o, lse } = sizesOf(dims);
  const inputs = q + kv + (pass === 'backward' ? o : 0);
  const outputs = pass === 'backward' ? q + kv : o + lse;
  const width = bytesOf(dtype);
  const kernel = 2 * (inputs + outputs + (pass === 'backward' ? o : 0)) * width + 8 * Math.max(q, o);
  const judge = 8 * inputs + 16 * outputs + outputs * width;
  return { all: kernel + judge, answer: outputs * width };
}

function sizesOf({ b, hk, g, m, n, d, e }: Dims) {
  return { q: b * hk * g * m * d, kv: b * hk * n * (d + e), o: b * hk * g * m * e, lse: b * hk * g * m };
}

/** Reason why memory does not allow a timing, with the largest length. @param free bytes. */
export function whyTooLarge(c: Sized, pass: 'forward' | 'backward', free = freemem()): string | undefined {
  const problem = (n: number) => ({ ...c, dims: { ...c.dims, m: n, n } });
  const why = (n: number) => {
    const { all, answer } = bytesOfTiming(problem(n), pass);
    if (answer > LONGEST_DATA) return `its answers have ${bytesText(answer)}, and a message holds at most ${bytesText(LONGEST_DATA)}`;
    return all > SHARE * free ? `it takes about ${bytesText(all)} to time and to judge, and ${bytesText(free)} are free` : undefined;
  };
  const reason = why(c.dims.n);
  if (reason === undefined) return undefined;
  return `${countText(c.dims.n)} tokens are too many: ${reason}; ${largestLength((n) => why(n) === undefined, c.dims.n)}`;
}

/** Text about the largest length that fits, if all shorter ones do. */
export function largestLength(fits: (n: number) => boolean, limit: number): string {
  const largest = largestThat(fits, limit);
  return largest > 0 ? `the largest length that fits is ${countText(largest)}` : 'no length fits with these heads';
}

/** Largest number up to `limit` that holds, if all smaller ones do; rounded to 1,024s; or 0. */
export function largestThat(holds: (n: number) => boolean, limit: number): number {
  let [low, high] = [0, limit];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low >= 1024 ? low - (low % 1024) : low;
}
