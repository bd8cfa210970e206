import { cachedInputs, queryInputs, tokenPlace } from '../../../spec/operator/token-inputs.js';
import { allocate, type TensorData } from '../../../spec/tensor/dtype.js';
import { contiguousData, sizeOf, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { Call, Outputs } from '../../kernel.js';

interface ProgramCache {
  readonly page: number;
  readonly tableOf: (b: number) => ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
}

/** Returns the slot of a position in an input's pages; −1 skips writing the row. */
export type SlotOf = (cache: ProgramCache, b: number, position: number, name: string) => number;

/** Slots of writing new rows and of reading all rows. */
export interface ProgramPaging {
  readonly written: SlotOf;
  readonly read: SlotOf;
}

export const slotOf: SlotOf = ({ page, tableOf }, b, position) => tableOf(b)[Math.floor(position / page)] * page + (position % page);

/** Computes a paged call, one batch entry after the other, and pages with new rows appended. */
export function pagedForward(call: Call, operator: Operator, { written, read }: ProgramPaging, forward: (entry: Call) => Outputs): Outputs {
  const { case: c, tensors } = call;
  const names = cachedInputs(operator);
  const cache = cacheOf(tensors, names[0]);
  const appends = tensors[`${names[0]}_new`] !== undefined;
  const after = (name: string): Tensor => {
    const slotAt = (b: number, i: number) => written(cache, b, cache.lengths[b] + i, name);
    const before = tensors[`${name}_pages`];
    return appends ? appended(before, tensors[`${name}_new`], tokenPlace(operator, name), slotAt) : before;
  };
  const pages = Object.fromEntries(names.map((name) => [name, after(name)]));
  const own = Object.keys({ ...operator.inputs, ...operator.optional }).filter((name) => tensors[name]);
  const entries = Array.from({ length: c.dims.b }, (_, b) => {
    const n = cache.lengths[b] + (appends ? c.dims.m : 0);
    const { history: _history, ...rest } = c;
    const inputs: Tensors = Object.fromEntries(own.map((name) => [name, tensors[name]]));
    for (const name of queryInputs(operator)) inputs[name] = entryOf(tensors[name], b);
    for (const name of names) {
      const slots = Array.from({ length: n }, (_, position) => read(cache, b, position, name));
      inputs[name] = gathered(pages[name], slots, tokenPlace(operator, name));
    }
    return forward({ case: { ...rest, dims: { ...c.dims, b: 1, n } }, tensors: inputs });
  });
  const outputs = Object.keys(entries[0]).map((name) => [name, joined(entries.map((entry) => entry[name]))] as const);
  return { ...Object.fromEntries(outputs), ...(appends && Object.fromEntries(names.map((name) => [`${name}_pages`, pages[name]]))) };
}

function cacheOf({ block_table, cache_lengths, ...tensors }: Tensors, name: string): ProgramCache {
  const width = block_table.shape[1];
  const table = contiguousData(block_table) as Int32Array;
  return {
    page: tensors[`${name}_pages`].shape[1],
    tableOf: (b) => table.subarray(b * width, (b + 1) * width),
    lengths: contiguousData(cache_lengths) as Int32Array,
  };
}

function copy(from: TensorData, start: number, size: number, to: TensorData, at: number): void {
  to.set(from.subarray(start, start + size) as never, at);
}

/** Copies pages [pages, page, …], with rows [b, …, t, …], t being axis `place`, in their slots. */
function appended(pages: Tensor, rows: Tensor, place: number, slotAt: (b: number, i: number) => number): Tensor {
  const data = contiguousData(pages).slice() as TensorData;
  const from = contiguousData(rows);
  const [outer, inner] = [sizeOf(rows.shape.slice(1, place)), sizeOf(rows.shape.slice(place + 1))];
  const [b, t] = [rows.shape[0], rows.shape[place]];
  for (let entry = 0; entry < b; entry++)
    for (let i = 0; i < t; i++) {
      const slot = slotAt(entry, i);
      if (slot < 0) continue;
      for (let x = 0; x < outer; x++) copy(from, ((entry * outer + x) * t + i) * inner, inner, data, (slot * outer + x) * inner);
    }
  return tensor(pages.dtype, pages.shape, data);
}

/** Gathers slots of pages as [1, …, slots, …], slots being axis `place`. */
function gathered(pages: Tensor, slots: readonly number[], place: number): Tensor {
  const [before, behind] = [pages.shape.slice(2, place + 1), pages.shape.slice(place + 1)];
  const [outer, inner] = [sizeOf(before), sizeOf(behind)];
  const from = contiguousData(pages);
  const data = allocate(pages.dtype, slots.length * outer * inner);
  for (const [at, slot] of slots.entries())
    for (let x = 0; x < outer; x++) copy(from, (slot * outer + x) * inner, inner, data, (x * slots.length + at) * inner);
  return tensor(pages.dtype, [1, ...before, slots.length, ...behind], data);
}

function entryOf(t: Tensor, b: number): Tensor {
  const size = sizeOf(t.shape.slice(1));
  return tensor(t.dtype, [1, ...t.shape.slice(1)], contiguousData(t).slice(b * size, (b + 1) * size) as TensorData);
}

/** Joins outputs [1, …] of batch entries. */
function joined(parts: readonly Tensor[]): Tensor {
  const [{ dtype, shape }] = parts;
  const size = sizeOf(shape);
  const data = allocate(dtype, parts.length * size);
  for (const [b, part] of parts.entries()) copy(contiguousData(part), 0, size, data, b * size);
  return tensor(dtype, [parts.length, ...shape.slice(1)], data);
}
