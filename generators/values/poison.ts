import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { type DType, floatFormats } from '../../spec/tensor/dtype.js';
import type { Case } from '../../spec/types/documents.js';
import type { WholeDims } from './whole-dims.js';

/** Value of hidden slots; undefined without poison. `finite` is for kernels that leak NaN. */
export function poisonValue(c: Case): number | undefined {
  const kind = c.values.poison ?? (c.values.distribution === 'poison' ? 'nan' : undefined);
  switch (kind) {
    case undefined:
      return undefined;
    case 'nan':
      return NaN;
    case 'inf':
      return Infinity;
    case '-inf':
      return -Infinity;
    case 'huge':
      return floatFormats[c.dtype].max;
    case 'finite':
      return fillOf(c.dtype);
  }
}

/** Number that fills unread memory: 1e4, at most a quarter of the dtype's largest number. */
export function fillOf(dtype: DType): number {
  return Math.min(1e4, floatFormats[dtype].max / 4);
}

/** Marks with 1 each slot [b, hk, n] that no query of its group sees. */
export function hiddenSlots(c: Case, dims: WholeDims, mask: CompiledMask): Uint8Array {
  const { b, hk, heads, m, n } = dims;
  const hidden = new Uint8Array(b * hk * n).fill(1);
  const runs = new Int32Array(n + 2);
  const tiled = c.dialect?.heads === 'tiled';
  for (let x = 0; x < b; x++) {
    for (let h = 0; h < heads; h++) {
      const at = (x * hk + (tiled ? h % hk : Math.floor(h / (heads / hk)))) * n;
      for (let i = 0; i < m; i++) {
        const count = mask.runs(x, h, i, runs);
        for (let r = 0; r < count; r++) hidden.fill(0, at + runs[2 * r], at + runs[2 * r + 1]);
      }
    }
  }
  return hidden;
}

/** Marks [b, hk, n] of slots hidden in every batch entry, for entries that share memory. */
export function hiddenInAll(hidden: Uint8Array, b: number): Uint8Array {
  const size = hidden.length / b;
  return hidden.map((_, slot) => {
    for (let at = slot % size; at < hidden.length; at += size) if (!hidden[at]) return 0;
    return 1;
  });
}

/** Marks [b, copies, n] of the slots [b, hk, n] hidden from every head, the same for each copy. */
export function hiddenFromAll(hidden: Uint8Array, { b, hk, n }: Pick<WholeDims, 'b' | 'hk' | 'n'>, copies: number): Uint8Array {
  const slots = new Uint8Array(b * copies * n);
  for (let x = 0; x < b; x++) {
    for (let j = 0; j < n; j++) {
      let all = 1;
      for (let h = 0; h < hk; h++) all &= hidden[(x * hk + h) * n + j];
      for (let copy = 0; copy < copies; copy++) slots[(x * copies + copy) * n + j] = all;
    }
  }
  return slots;
}

/** Fills the hidden slots of a tensor [b, hk, n, width]. */
export function poison(data: Float64Array, width: number, hidden: Uint8Array, value: number): void {
  for (let slot = 0; slot < hidden.length; slot++) if (hidden[slot]) data.fill(value, slot * width, (slot + 1) * width);
}
