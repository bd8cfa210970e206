import { encode } from '../../../../spec/tensor/float-bits.js';
import { sizeOf, type Tensor, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Call, Outputs } from '../../../kernel.js';
import { keySlots } from '../../reference/steps/paged.js';
import { offset } from '../../reference/steps/scores.js';
import type { Fault } from '../lib/mutant.js';

/** Places queries of a paged call m positions too early, if there are older keys. */
export function placedBeforeTheCall(): Fault {
  let paged = false;
  return {
    call: (call) => {
      paged = call.tensors.k_pages !== undefined;
      return call;
    },
    steps: { offset: (p) => (paged && p.n > p.m ? p.n - 2 * p.m : offset(p)) },
  };
}

/** Reads keys in slot order if positions do not matter: equal up to rounding. */
export function readInMemoryOrder(): Fault {
  let anyOrder = false;
  return {
    call: (call) => {
      anyOrder = 'name' in call.case.mask && call.case.mask.name === 'full' && !call.tensors.alibi;
      return call;
    },
    steps: {
      keySlots: (cache, b) => (anyOrder ? keySlots(cache, b).sort((x, y) => x - y) : keySlots(cache, b)),
    },
  };
}

interface Chunk {
  readonly n: number;
  readonly keys: Float64Array;
}

/** Zeroes the last earlier key if a call continues the previous call by m ≥ 2 tokens. */
export function keepingKeys(): Fault {
  let last: Chunk | undefined;
  return {
    call: (call) => {
      const { k } = call.tensors;
      if (!k) return call;
      const { m, n } = call.case.dims;
      const before = last;
      last = { n, keys: valuesOf(k) };
      if (!before || m < 2 || m !== n - before.n || !beginsAs(last.keys, before.keys, call.case.dims.d)) return call;
      return { ...call, tensors: { ...call.tensors, k: withoutKey(call, k, before.n - 1) } };
    },
  };
}

function beginsAs(keys: Float64Array, earlier: Float64Array, d: number): boolean {
  return keys.subarray(0, d).every((x, at) => x === earlier[at]);
}

function withoutKey({ case: { layout } }: Call, k: Tensor, key: number): Tensor {
  const sequence = layout === 'bhld' ? 2 : 1;
  const inner = sizeOf(k.shape.slice(sequence + 1));
  const size = k.shape[sequence];
  return tensorOf(
    k.dtype,
    k.shape,
    valuesOf(k).map((x, at) => (Math.floor(at / inner) % size === key ? 0 : x)),
  );
}

/** Makes channels of o NaN if unused slots of an entry's last page hold non-finite values. */
export function withTailOfPage({ case: c, tensors }: Call, outputs: Outputs): Outputs {
  const { v_pages: pages, block_table: table, cache_lengths: lengths } = tensors;
  if (!pages) return outputs;
  const { b, hk, g, m, e } = c.dims;
  const page = pages.shape[1];
  const values = valuesOf(pages);
  const o = tensorOf(outputs.o.dtype, outputs.o.shape, valuesOf(outputs.o));
  const sequence = c.layout === 'bhld' ? 2 : 1;
  for (let entry = 0; entry < b; entry++) {
    const length = lengths.data[entry] + m;
    for (let position = length; position % page !== 0; position++) {
      const slot = table.data[entry * table.shape[1] + Math.floor(position / page)] * page + (position % page);
      for (let head = 0; head < hk * g; head++) {
        for (let x = 0; x < e; x++) {
          if (Number.isFinite(values[(slot * hk + Math.floor(head / g)) * e + x])) continue;
          const at = entry * o.strides[0] + head * o.strides[3 - sequence] + x;
          for (let i = 0; i < m; i++) o.data[at + i * o.strides[sequence]] = encode(o.dtype as 'f32', Number.NaN);
        }
      }
    }
  }
  return { ...outputs, o };
}
