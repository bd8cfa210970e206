import type { TensorData } from '../../../spec/tensor/dtype.js';
import { contiguousData, type Tensor, transpose } from '../../../spec/tensor/tensor.js';
import type { Layout } from '../../../spec/types/documents.js';
import type { OnnxType } from './model.js';

/** Input in ONNX Runtime's terms. */
export interface Feed {
  readonly type: OnnxType;
  readonly dims: readonly number[];
  readonly data: TensorData | BigInt64Array;
}

const typeOf: Partial<Record<Tensor['dtype'], OnnxType>> = { f32: 'float32', f16: 'float16', f64: 'float64', bool: 'bool', i32: 'int32' };

export function floatType(dtype: string): 'float32' | 'float16' {
  return dtype === 'f16' ? 'float16' : 'float32';
}

/** Converts a tensor without changing its values or shape. */
export function feedOf(t: Tensor): Feed {
  const type = typeOf[t.dtype];
  if (!type) throw new TypeError(`ONNX Runtime's attention operators on CPU do not take ${t.dtype}`);
  return { type, dims: t.shape, data: contiguousData(t) };
}

/** Packs [b, h, l, d] or [b, l, h, d], by layout, as [b, l, h·d]. */
export function packHeads(t: Tensor, layout: Layout): Feed {
  const sequenceFirst = layout === 'blhd' ? t : transpose(t, [0, 2, 1, 3]);
  const [b, l, h, d] = sequenceFirst.shape;
  return { ...feedOf(sequenceFirst), dims: [b, l, h * d] };
}

export function int32(values: readonly number[], dims: readonly number[] = [values.length]): Feed {
  return { type: 'int32', dims, data: Int32Array.from(values) };
}

export function int64(values: readonly number[]): Feed {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}
