import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';

/** Keys per tile, for coverage. */
export const TILE = 16;

const SAMPLE = 32;

let runs = new Int32Array(256);

/** Traits of a mask, true if an examined row has them. */
export interface MaskTraits {
  /** A row sees no key. */
  readonly emptyRow: boolean;
  /** A row sees other keys, but none of a tile. */
  readonly wipedTile: boolean;
}

/** Finds traits in every row, or in 32 evenly spaced rows per head, first and last included. */
export function maskTraits(mask: CompiledMask): MaskTraits {
  let emptyRow = false;
  let wipedTile = false;
  const rows = Math.min(mask.m, SAMPLE);
  for (let b = 0; b < (mask.perBatch ? mask.b : 1); b++) {
    for (let h = 0; h < (mask.perHead ? mask.heads : 1); h++) {
      for (let r = 0; r < rows; r++) {
        const count = mask.runs(b, h, rows < 2 ? 0 : Math.floor((r * (mask.m - 1)) / (rows - 1)), scratch(mask.n));
        if (count === 0) emptyRow = true;
        else wipedTile ||= hasWipedTile(count, mask.n);
        if (emptyRow && wipedTile) return { emptyRow, wipedTile };
      }
    }
  }
  return { emptyRow, wipedTile };
}

/** True if no query of a group sees some slot (b, hk, j). @param tiled head h reads h mod hk. */
export function hasHiddenKey(mask: CompiledMask, hk: number, tiled: boolean): boolean {
  const g = mask.heads / hk;
  const heads = Array.from({ length: mask.perHead ? g : 1 }, (_, x) => (tiled ? x * hk : x));
  for (let b = 0; b < (mask.perBatch ? mask.b : 1); b++) {
    for (let group = 0; group < (mask.perHead ? hk : 1); group++) {
      const first = tiled ? group : group * g;
      if (
        !seesAll(
          mask,
          b,
          heads.map((x) => first + x),
        )
      )
        return true;
    }
  }
  return false;
}

/** True if these heads together see every key. Last rows first: most masks show them more. */
function seesAll(mask: CompiledMask, b: number, heads: readonly number[]): boolean {
  const seen = new Uint8Array(mask.n);
  const out = scratch(mask.n);
  let left = mask.n;
  for (const h of heads) {
    for (let i = mask.m - 1; i >= 0; i--) {
      const count = mask.runs(b, h, i, out);
      for (let r = 0; r < count; r++) {
        for (let j = out[2 * r]; j < out[2 * r + 1]; j++) {
          if (seen[j]) continue;
          seen[j] = 1;
          left--;
        }
      }
      if (left === 0) return true;
    }
  }
  return false;
}

/** True if a gap between the row's runs contains a whole tile; the last tile may be short. */
function hasWipedTile(count: number, n: number): boolean {
  let from = 0;
  for (let r = 0; r <= count; r++) {
    const to = r < count ? runs[2 * r] : n;
    const tile = Math.ceil(from / TILE) * TILE;
    if (tile < to && (tile + TILE <= to || to === n)) return true;
    if (r < count) from = runs[2 * r + 1];
  }
  return false;
}

function scratch(n: number): Int32Array {
  if (runs.length < n + 2) runs = new Int32Array(n + 2);
  return runs;
}
