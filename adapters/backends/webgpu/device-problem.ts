import { encodeAll } from '../../../spec/tensor/float-bits.js';
import { contiguousData, type Tensor, tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { type Call, Unsupported } from '../../kernel.js';
import { Extras } from './extras.js';
import { shaderMask } from './named-masks.js';
import { rowsOfDocuments, withHeadsFirst } from './packed.js';
import type { Parameters } from './parameters.js';

/** Call in the form that is sent to the device. */
export interface DeviceProblem {
  readonly dtype: 'f32' | 'f16';
  readonly dims: Case['dims'];
  /** Number of query heads, hk·g. */
  readonly heads: number;
  /** Number of rows of q, b·heads·m. */
  readonly rows: number;
  readonly parameters: Parameters;
  /** Contiguous bytes of q, k and v in the case's dtype. */
  readonly q: Uint8Array;
  readonly k: Uint8Array;
  readonly v: Uint8Array;
  readonly extras: Uint8Array;
  readonly tensors: Call['tensors'];
}

/** @throws {Unsupported} for an operator, dtype or mask that the shaders lack. */
export function deviceProblem(call: Call): DeviceProblem {
  const { case: c, tensors } = call;
  const { dims, dtype } = c;
  if (c.operator !== 'softmax') throw new Unsupported(`the operator ${c.operator} is not implemented`);
  if (dtype !== 'f32' && dtype !== 'f16') throw new Unsupported(`the dtype ${dtype} is not implemented`);
  const { b, hk, g, m, n, d, e } = dims;
  const { scale, softcap } = c.options;
  const mask = shaderMask(call);
  const cap = typeof softcap === 'number' ? softcap : 0;
  const extras = new Extras();
  const parameters: Parameters = {
    b,
    hk,
    g,
    m,
    n,
    d,
    e,
    offset: n - m,
    left: mask.left,
    right: mask.right,
    scale: typeof scale === 'number' ? scale : 1 / Math.sqrt(d),
    softcap: cap,
    softcap_inverse: cap === 0 ? 0 : 1 / cap,
    mask_at: extras.add(tensors.mask),
    ...strides('mask', tensors.mask),
    bias_at: extras.add(tensors.bias),
    ...strides('bias', tensors.bias),
    alibi_at: extras.add(tensors.alibi),
    sink_at: extras.add(tensors.sink),
    document_at: extras.add(mask.document ? tensors.document : undefined),
    lengths_at: extras.add(mask.padding ? tensors.lengths : undefined),
    padded_left: mask.padding === 'left' ? 1 : 0,
    rows_at: extras.add(c.packed && rowsOfDocuments(tensors.cu_q, tensors.cu_k, m)),
    table_at: extras.add(tensors.block_table),
    page: tensors.block_table ? tensors.k.shape[1] : 1,
    dlse_at: extras.add(tensors.dlse),
    splits: 1,
    split_keys: n,
  };
  const [q, k, v] = [tensors.q, tensors.k, tensors.v].map((t) => bytesOf(withHeadsFirst(t, c), dtype));
  return { dtype, dims, heads: hk * g, rows: b * hk * g * m, parameters, q, k, v, extras: extras.bytes(), tensors };
}

/** Returns the contiguous bytes of a tensor in a dtype. */
export function bytesOf(t: Tensor, dtype: 'f32' | 'f16'): Uint8Array {
  const data = t.dtype === dtype ? contiguousData(t) : encodeAll(dtype, valuesOf(t));
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Returns strides of [b, heads, m, n] over b, heads and m; 0 along axes of size 1. */
function strides<Name extends string>(name: Name, t: Tensor | undefined) {
  const [b, h, i] = t ? tensor(t.dtype, t.shape, t.data).strides.map((stride, axis) => (t.shape[axis] === 1 ? 0 : stride)) : [0, 0, 0];
  return { [`${name}_b`]: b, [`${name}_h`]: h, [`${name}_i`]: i } as Record<`${Name}_${'b' | 'h' | 'i'}`, number>;
}
