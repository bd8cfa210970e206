import { allocate } from '../../spec/tensor/dtype.js';
import { type Prefill, prefill } from '../../spec/tensor/prefill.js';
import { rowMajor, sizeOf, type Tensor, tensor, transpose } from '../../spec/tensor/tensor.js';
import type { Layout, View } from '../../spec/types/documents.js';

const axesOf: Record<'bhld' | 'blhd', string> = { bhld: 'bhld', blhd: 'blhd' };

/** A bhld tensor's axes in the order of another layout, contiguous: of thd [1, h, l, d] as [l, h, d], and what has a value for each row, [1, h, l], as [h, l]. */
export function inLayout(t: Tensor, layout: Layout): Tensor {
  const rows = layout === 'thd' && t.shape.length === 3;
  if (rows) return tensor(t.dtype, t.shape.slice(1), t.data);
  if (layout === 'bhld' || t.shape.length !== 4) return t;
  const swapped = transpose(t, [0, 2, 1, 3]);
  const laid = lay(swapped, rowMajor(swapped.shape), 0, sizeOf(swapped.shape));
  return layout === 'thd' ? tensor(t.dtype, laid.shape.slice(1), laid.data) : laid;
}

/**
 * The same elements in a larger buffer: axes in the memory order that the view says, `pad` elements after each innermost run,
 * every `step`-th row ours (0: all batch entries share the first one's memory), `offset` elements in front.
 * @param t contiguous, in its layout's order. @param gaps what lies between the elements.
 */
export function inView(t: Tensor, view: View, layout: Layout, gaps: Prefill): Tensor {
  const axes = axesOf[layout === 'blhd' ? 'blhd' : 'bhld'];
  const order = [...(view.order ?? axes).replace('e', 'd')].map((letter) => axes.indexOf(letter));
  const { pad = 0, step = 1, offset = 0 } = view;
  const strides = new Array<number>(4).fill(0);
  let size = 1;
  for (let k = 3; k >= 0; k--) {
    const axis = order[k];
    if (step === 0 && axis === 0) continue;
    strides[axis] = size;
    size *= t.shape[axis];
    if (k === 3) size += pad;
    if (k === 3 && step > 1) size *= step;
  }
  return lay(t, strides, offset, size, gaps);
}

/** Copies the elements to where the strides put them in a new buffer of offset + size elements. */
function lay(t: Tensor, strides: number[], offset: number, size: number, gaps: Prefill = 'nan'): Tensor {
  const data = allocate(t.dtype, offset + size);
  if (size + offset > sizeOf(t.shape) && t.dtype !== 'bool' && t.dtype !== 'i32') prefill(t.dtype, data, gaps);
  const [b, h, l, d] = t.shape;
  for (let x = 0; x < b; x++) {
    for (let y = 0; y < h; y++) {
      for (let z = 0; z < l; z++) {
        const from = t.offset + x * t.strides[0] + y * t.strides[1] + z * t.strides[2];
        const to = offset + x * strides[0] + y * strides[1] + z * strides[2];
        for (let c = 0; c < d; c++) data[to + c * strides[3]] = t.data[from + c * t.strides[3]];
      }
    }
  }
  return { ...tensor(t.dtype, t.shape, data), strides, offset };
}
