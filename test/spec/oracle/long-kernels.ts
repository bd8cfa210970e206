import type { Arithmetic } from '../../../adapters/controls/reference/arithmetic/arithmetic.js';
import { onlineTiles } from '../../../adapters/controls/reference/softmax/online.js';
import { plain } from '../../../adapters/controls/reference/softmax/plain.js';
import type { SoftmaxForward } from '../../../adapters/controls/reference/softmax/softmax-forward.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import type { Simulation } from '../../accept/profiles/kernel.js';
import { nearest } from '../../accept/profiles/rounders.js';

const f32 = nearest('f32');

/** Splits of the keys, each computed in tiles, and merged by their LSEs in float32. */
function splits(parts: number, tile: number): SoftmaxForward {
  const whole = onlineTiles(tile);
  return (p, steps) => {
    const length = Math.ceil(p.n / parts);
    const all = Array.from({ length: parts }, (_, part) => {
      const [from, to] = [part * length, Math.min(p.n, (part + 1) * length)];
      return whole(p, {
        ...steps,
        firstKey: (q, i) => Math.max(from, steps.firstKey(q, i)),
        endKey: (q, i) => Math.min(to, steps.endKey(q, i)),
      });
    });
    const o = new Float64Array(all[0].o.length);
    const lse = all[0].lse.map((_, row) => {
      const seen = all.filter((part) => Number.isFinite(part.lse[row]));
      const most = Math.max(...seen.map((part) => part.lse[row]));
      const weights = seen.map((part) => f32(Math.exp(f32(part.lse[row] - most))));
      const sum = weights.reduce((total, weight) => f32(total + weight), 0);
      for (let x = row * p.e; x < (row + 1) * p.e; x++) {
        for (const [at, part] of seen.entries()) o[x] = f32(o[x] + f32(f32(weights[at] / sum) * part.o[x]));
      }
      return f32(most + f32(Math.log(sum)));
    });
    return { o, lse };
  };
}

/** exp(x − m) as exp2(x·c − m·c), where m·c is rounded by itself. */
const byExp2: Partial<Arithmetic> = {
  exponentials(x, count, shift, out) {
    const c = f32(Math.LOG2E);
    const own = f32(shift * c);
    let sum = 0;
    for (let t = 0; t < count; t++) {
      out[t] = f32(2 ** f32(x[t] * c - own));
      sum = f32(sum + out[t]);
    }
    return sum;
  },
};

/** Number of products that are summed at once, and bits that are kept beside those of the largest. */
const [together, spare] = [16, 2];

/** Sums as tensor cores make them: products are cut to a few bits below the last one of the largest, and what is left is added up. */
const cutting: Partial<Arithmetic> = {
  combine(weights, rows, count, y, yAt, depth, out, outAt) {
    for (let x = 0; x < depth; x++) {
      for (let first = 0; first < count; first += together) {
        const end = Math.min(count, first + together);
        let largest = Math.abs(out[outAt + x]);
        for (let t = first; t < end; t++) largest = Math.max(largest, Math.abs(weights[t] * y[yAt + rows[t] * depth + x]));
        const unit = 2 ** (Math.floor(Math.log2(largest || 1)) - 23 - spare);
        let sum = Math.trunc(out[outAt + x] / unit);
        for (let t = first; t < end; t++) sum += Math.trunc((weights[t] * y[yAt + rows[t] * depth + x]) / unit);
        out[outAt + x] = f32(sum * unit);
      }
    }
  },
};

/** Kernels of long sequences that are right, by what they do their own way. */
export function longKernels(dtype: DType): Readonly<Record<string, Simulation>> {
  const kernel = (forward: SoftmaxForward, changes: Partial<Simulation> = {}): Simulation => ({
    forward,
    rounding: { round: f32, fused: true },
    stores: dtype !== 'f32',
    ...changes,
  });
  return {
    'key by key': kernel(plain),
    'tiles of 16': kernel(onlineTiles(16)),
    'tiles of 128': kernel(onlineTiles(128)),
    'unfused products': kernel(onlineTiles(64), { rounding: { round: f32, fused: false } }),
    'exp2 of prescaled scores': kernel(onlineTiles(64), { arithmetic: byExp2 }),
    'sums that are cut': kernel(onlineTiles(32), { arithmetic: cutting }),
    '7 splits': kernel(splits(7, 64)),
    '16 splits across blocks': kernel(splits(16, 24)),
    'P and dS in the accumulator': kernel(onlineTiles(64), { stores: false }),
  };
}
