import type { Call } from '../../../adapters/kernel.js';
import { decode, encode } from '../../kernels/numbers.js';
import { floats, scaleOf, seenKeys } from './faulty.js';

/** o [b, hk·g, m, e] and lse [b, hk·g, m], flat. */
export interface Attended {
  readonly o: Float64Array;
  readonly lse: Float64Array;
}

export const toBf16 = (x: number) => decode.bf16(encode.bf16(x));

/** Attention over the tensors of a call as they are stored, in float64. */
export function exact(call: Call): Attended {
  return attention(call, floats(call.tensors.k), scaleOf(call), (x) => x);
}

/**
 * The low-precision run of FlashAttention's tests: attention_ref(upcast=False, reorder_ops=True), in which k is scaled instead of the scores, and keys,
 * scores, weights and output are rounded to bf16 (github.com/Dao-AILab/flash-attention, tests/test_flash_attn.py).
 */
export function lowPrecision(call: Call): Attended {
  const scale = scaleOf(call);
  const keys = floats(call.tensors.k).map((x) => toBf16(x * scale));
  return attention(call, keys, 1, toBf16);
}

/** Softmax attention in two passes over the keys of each row. @param k [b, hk, n, d]. @param round for scores, weights and outputs. */
function attention(call: Call, k: Float32Array, scale: number, round: (x: number) => number): Attended {
  const { b, hk, g, m, n, d, e } = call.case.dims;
  const [q, v] = [floats(call.tensors.q), floats(call.tensors.v)];
  const o = new Float64Array(b * hk * g * m * e);
  const lse = new Float64Array(b * hk * g * m);
  const scores = new Float64Array(n);
  for (let row = 0; row < lse.length; row++) {
    const keyHead = Math.floor(row / (m * g));
    const query = q.subarray(row * d, (row + 1) * d);
    const keys = k.subarray(keyHead * n * d, (keyHead + 1) * n * d);
    const values = v.subarray(keyHead * n * e, (keyHead + 1) * n * e);
    const output = o.subarray(row * e, (row + 1) * e);
    const seen = seenKeys(call, row % m);
    let top = -Infinity;
    for (let j = 0; j < seen; j++) {
      let dot = 0;
      for (let x = 0; x < d; x++) dot += query[x] * keys[j * d + x];
      scores[j] = round(dot * scale);
      top = Math.max(top, scores[j]);
    }
    let sum = 0;
    for (let j = 0; j < seen; j++) sum += Math.exp(scores[j] - top);
    for (let j = 0; j < seen; j++) {
      const weight = round(Math.exp(scores[j] - top) / sum);
      for (let x = 0; x < e; x++) output[x] += weight * values[j * e + x];
    }
    lse[row] = top + Math.log(sum);
  }
  return { o: o.map(round), lse };
}
