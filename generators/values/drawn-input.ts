import type { InputFacts } from '../../spec/operator/facts.js';
import { allocate, type DType, type TensorData } from '../../spec/tensor/dtype.js';
import { encodeAll } from '../../spec/tensor/float-bits.js';
import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case } from '../../spec/types/documents.js';
import { type RowWriter, rowCount } from './draw-rows.js';
import { roundToStorage, type StoredInput, storedNumbers } from './stored-input.js';
import { transformOf } from './transform.js';

const CHUNK = 2 ** 14;

let chunk = new Float64Array(CHUNK);

/** Input that draws rows on reading: a tensor of a million tokens takes half a gigabyte. */
export class DrawnInput implements StoredInput {
  private whole: TensorData | undefined;
  private readonly width: number;

  /** @param draw draws rows. @param rounded true if `draw` rounds them to storage. */
  constructor(
    readonly dtype: DType,
    readonly shape: readonly number[],
    private readonly draw: RowWriter,
    private readonly rounded: boolean,
  ) {
    this.width = shape.at(-1) ?? 1;
  }

  get data(): TensorData {
    this.whole ??= this.make();
    return this.whole;
  }

  /** Writes the stored values of rows [first, first + count) to `out` from `at` on. */
  readRows(first: number, count: number, out: Float64Array, at: number): void {
    this.draw(first, count, out, at);
    if (!this.rounded) roundToStorage(this.dtype, out.subarray(at, at + count * this.width));
  }

  private make(): TensorData {
    const { dtype, shape, width } = this;
    const data = allocate(dtype, sizeOf(shape));
    const rows = rowCount(shape);
    const step = Math.max(1, Math.floor(CHUNK / Math.max(1, width)));
    if (chunk.length < step * width) chunk = new Float64Array(step * width);
    for (let first = 0; first < rows; first += step) {
      const count = Math.min(step, rows - first);
      const drawn = chunk.subarray(0, count * width);
      this.readRows(first, count, drawn, 0);
      encodeAll(dtype, drawn, count === rows ? data : (data.subarray(first * width, (first + count) * width) as TensorData));
    }
    return data;
  }
}

/** Storage type of an input that can be drawn row by row, or undefined. */
export function rowType(c: Case, name: string, facts: Pick<InputFacts, 'stored'>): DType | undefined {
  const { values, block, views = {} } = c;
  if (block || values.poison || transformOf(values).length > 0) return undefined;
  if (Object.values(views).some((view) => view?.step === 0)) return undefined;
  const dtype = storedNumbers(c, name, facts);
  return dtype === 'f8e4m3' || dtype === 'f8e5m2' ? undefined : dtype;
}
