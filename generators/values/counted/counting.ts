import { hashOf, mix, nameHash } from '../../../spec/lib/hash.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Counts } from '../../../spec/problem.js';
import { sizeOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import { forRows } from '../../../spec/tensor/tensor-rows.js';
import type { Case } from '../../../spec/types/documents.js';
import type { RowWriter } from '../draw-rows.js';
import { scaleOf } from '../scale.js';
import { isOfSeveral } from '../targeted/one-sequence.js';
import { keyHeadOf, signatureColumns } from '../targeted/signatures.js';
import type { WholeDims } from '../whole-dims.js';

/** Design of q and k in which each row averages the visible keys with its switch on. */
export interface Counting {
  /** Switches of a key, one per column. */
  readonly switches: number;
  /** Value of a query in its switch's column, and of a key in the column of an off switch. */
  readonly amplitude: number;
  readonly off: number;
  readonly offScore: number;
  /** Step of V: 1/8, or 1/2 if sums over so many keys would exceed the bits of f32. */
  readonly step: number;
}

/** Most switches of a key: one of 65,536 keys is off in all of them. */
const SWITCHES = 16;

/** Least score gap of an off key: a million weigh less than the last f64 bit of an on key. */
const APART = 56;

/** Least softcap that makes keys that are off light enough. */
const LEAST_SOFTCAP = 40;

/** Largest amplitude that fp8 holds over the scales of its heads. */
const NARROW = 56;

/** Number of keys below which f32 sums of V are exact in eighths, and in halves. */
const [EIGHTHS, HALVES] = [2 ** 21, 2 ** 23];

/** Design of a case; undefined if scores have other terms, or a softcap levels them. */
export function countingOf(c: Case, n = c.dims.n): Counting | undefined {
  const { operator, options, dims, block, dialect, dtype } = c;
  if (operator !== plainOperator.name || options.alibi || options.bias || options.sink || block || isOfSeveral(c)) return undefined;
  const scale = scaleOf(c);
  const softcap = typeof options.softcap === 'number' ? options.softcap : undefined;
  if (!(scale > 0) || options.scale === 0 || n >= HALVES) return undefined;
  if (softcap !== undefined && (!(softcap >= LEAST_SOFTCAP) || dialect?.softcap === 'after-mask')) return undefined;
  const needed = (softcap === undefined ? APART : Math.max(APART, 4 * softcap)) / scale;
  const narrow = dtype === 'f8e4m3' || dtype === 'f8e5m2';
  const amplitude = narrow ? Math.min(NARROW, roundedUp(needed)) : roundedUp(needed);
  const off = 2 ** Math.max(0, Math.ceil(Math.log2(needed / amplitude)));
  const score = -amplitude * off * scale;
  return {
    switches: Math.min(SWITCHES, dims.d),
    amplitude,
    off,
    offScore: softcap === undefined ? score : softcap * Math.tanh(score / softcap),
    step: n < EIGHTHS ? 1 / 8 : 1 / 2,
  };
}

/** Smallest of 1, 1.25, 1.5, 1.75 times a power of two ≥ x, which every format holds. */
function roundedUp(x: number): number {
  const unit = 2 ** (Math.floor(Math.log2(x)) - 2);
  return unit * Math.ceil(x / unit);
}

/** Design of a case with the distribution `counted`; undefined for other cases. */
export function countingIn(c: Case, dims: WholeDims): Counting | undefined {
  return c.values.distribution === 'counted' ? countingOf(c, dims.n) : undefined;
}

/** Writer of switches into q and k, and of V in halves; undefined if an input stays as drawn. */
export function switchWriter(c: Case, { d, e }: WholeDims, counting: Counting, name: string): RowWriter | undefined {
  const { switches, amplitude, off, step } = counting;
  const columns = signatureColumns(c, d, { length: switches });
  if (name === 'v' && step === 1 / 2)
    return (_, count, out, to) => {
      for (let at = to; at < to + count * e; at++) out[at] = Math.round(2 * out[at]) / 2;
    };
  if (name === 'q') {
    const switchOf = switchOfRow(c, counting);
    return (first, count, out, to) => {
      out.fill(0, to, to + count * d);
      for (let r = 0; r < count; r++) out[to + r * d + columns[switchOf(first + r)]] = amplitude;
    };
  }
  if (name !== 'k') return undefined;
  const switchesOf = switchesOfKey(c, counting);
  return (first, count, out, to) => {
    out.fill(0, to, to + count * d);
    for (let r = 0; r < count; r++) {
      const on = switchesOf(first + r);
      for (let x = 0; x < switches; x++) if (((on >> x) & 1) === 0) out[to + r * d + columns[x]] = -off;
    }
  };
}

function switchOfRow({ values }: Case, { switches }: Counting): (row: number) => number {
  const base = hashOf(values.seed, nameHash('q'), 61);
  return (row) => mix(base + Math.imul(row, 0x9e3779b9)) % switches;
}

/** Maps a key [b, hk, n] to the bits of its switches. Heads differ, so that a wrong head shows. */
function switchesOfKey({ values }: Case, { switches }: Counting): (key: number) => number {
  const base = hashOf(values.seed, nameHash('k'), 62);
  return (key) => mix(base + Math.imul(key, 0x9e3779b9)) >>> (32 - switches);
}

/** Counts for the oracle. @param values stored V, [b, hk, n, e]. */
export function countsOf(c: Case, dims: WholeDims, counting: Counting, values: Float64Tensor): Counts {
  const { switches, offScore, step } = counting;
  const { b, hk, heads, m, n, e } = dims;
  const steps = new Int8Array(sizeOf(values.shape));
  forRows(values, (rows, first) => {
    for (let at = 0; at < rows.length; at++) steps[first * e + at] = rows[at] / step;
  });
  const switchOf = switchOfRow(c, counting);
  const switchesOf = switchesOfKey(c, counting);
  return {
    switches,
    ofRow: Uint8Array.from({ length: b * heads * m }, (_, row) => switchOf(row)),
    on: Uint16Array.from({ length: b * hk * n }, (_, key) => switchesOf(key)),
    steps,
    step,
    offScore,
    keyHead: Int32Array.from({ length: b * heads }, (_, head) => Math.floor(head / heads) * hk + keyHeadOf(c, dims, head % heads)),
  };
}
