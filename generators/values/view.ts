import type { layoutForm } from '../../spec/operator/facts.js';
import { allocate, isFloat } from '../../spec/tensor/dtype.js';
import { type Prefill, prefill } from '../../spec/tensor/prefill.js';
import { rowMajor, sizeOf, type Tensor, tensor, transpose } from '../../spec/tensor/tensor.js';
import type { Layout, View } from '../../spec/types/documents.js';

const axesOf: Record<'bhld' | 'blhd', string> = { bhld: 'bhld', blhd: 'blhd' };

/**
 * Converts a contiguous tensor from layout bhld: tokens [b, h, l, d] to [b, l, h, d] in blhd and
 * [l, h, d] in thd; rows [1, h, l] to [h, l] in thd.
 */
export function inLayout(t: Tensor, layout: Layout, form: ReturnType<typeof layoutForm> = 'tokens'): Tensor {
  if (layout === 'bhld' || form === 'fixed') return t;
  if (form === 'rows') return layout === 'thd' ? tensor(t.dtype, t.shape.slice(1), t.data) : t;
  const swapped = transpose(t, [0, 2, 1, 3]);
  const laid = lay(swapped, rowMajor(swapped.shape), 0, sizeOf(swapped.shape));
  return layout === 'thd' ? tensor(t.dtype, laid.shape.slice(1), laid.data) : laid;
}

/**
 * Copies a contiguous tensor to a larger buffer: axes in the view's memory order, `pad` elements
 * after each innermost run, every `step`-th row used (0: all batch entries share memory), `offset`
 * elements in front. The order skips axes that the tensor lacks, and further axes come last.
 */
export function inView(t: Tensor, view: View, layout: Layout, gaps: Prefill): Tensor {
  const axes = axesOf[layout === 'blhd' ? 'blhd' : 'bhld'];
  const rank = t.shape.length;
  const letters = [...(view.order ?? axes).replace('e', 'd')].map((letter) => axes.indexOf(letter));
  const order = [...letters.filter((axis) => axis < rank), ...Array.from(t.shape.keys()).filter((axis) => axis >= axes.length)];
  const { pad = 0, step = 1, offset = 0 } = view;
  const strides = new Array<number>(rank).fill(0);
  let size = 1;
  for (let k = rank - 1; k >= 0; k--) {
    const axis = order[k];
    if (step === 0 && axis === 0) continue;
    strides[axis] = size;
    size *= t.shape[axis];
    if (k === rank - 1) size += pad;
    if (k === rank - 1 && step > 1) size *= step;
  }
  return lay(t, strides, offset, size, gaps);
}

function lay(t: Tensor, strides: number[], offset: number, size: number, gaps: Prefill = 'nan'): Tensor {
  const data = allocate(t.dtype, offset + size);
  if (size + offset > sizeOf(t.shape) && isFloat(t.dtype)) prefill(t.dtype, data, gaps);
  const copy = (axis: number, from: number, to: number): void => {
    if (axis === t.shape.length) data[to] = t.data[from];
    else for (let x = 0; x < t.shape[axis]; x++) copy(axis + 1, from + x * t.strides[axis], to + x * strides[axis]);
  };
  copy(0, t.offset, offset);
  return { ...tensor(t.dtype, t.shape, data), strides, offset };
}
