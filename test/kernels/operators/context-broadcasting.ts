import type { PlainOperator } from './operator.js';
import { f } from './problem.js';

/** Wrong: a token is not among those of its mean. */
export const contextBroadcasting: PlainOperator = {
  forward({ dims: { b, hk, n, e }, tensors: { v } }, wrong) {
    const o = new Float32Array(v.length);
    for (let head = 0; head < b * hk; head++) {
      for (let x = 0; x < e; x++) {
        const at = (i: number) => (head * n + i) * e + x;
        let total = 0;
        for (let j = 0; j < n; j++) total = f(total + v[at(j)]);
        for (let i = 0; i < n; i++) o[at(i)] = f(v[at(i)] / 2) + f(f(wrong ? total - v[at(i)] : total) / (2 * n));
      }
    }
    return { o: { shape: [b, hk, n, e], values: o } };
  },
};
