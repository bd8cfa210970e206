import type { MatrixLoops, Rows } from '../matrix/loops.js';
import { padded } from '../matrix/pack.js';
import type { Expected } from '../problem.js';
import { TILE } from './key-tiles.js';

/** Sums over rows for key tiles, with bounds: of a head, or of tiles that share a focus. */
export class KeySums {
  private readonly value: number;
  private readonly bound: number;
  private readonly padded: number;
  readonly room: number;

  constructor(
    n: number,
    private readonly width: number,
    private readonly period: number,
    at: number,
  ) {
    this.padded = padded(width);
    const size = Math.ceil(Math.ceil(n / TILE) / period) * TILE * this.padded;
    this.value = at;
    this.bound = at + size;
    this.room = 2 * size;
  }

  of(tile: number): readonly [value: Rows, bound: Rows] {
    const place = Math.floor(tile / this.period) * TILE * this.padded;
    return [
      { at: this.value + place, row: this.padded },
      { at: this.bound + place, row: this.padded },
    ];
  }

  /** Moves a tile's sums to a gradient. @param uses rows per key. @param tiny error per use. */
  take(tile: number, { numbers }: MatrixLoops, { value, bound }: Expected, first: number, uses: Uint32Array, tiny: number): void {
    const { width, padded } = this;
    const [values, bounds] = this.of(tile);
    const to = first * width;
    for (let j = 0; j < uses.length; j++) {
      addRow(value, to + j * width, numbers, values.at + j * padded, width, 0);
      addRow(bound, to + j * width, numbers, bounds.at + j * padded, width, uses[j] * tiny);
    }
    numbers.fill(0, values.at, values.at + TILE * padded);
    numbers.fill(0, bounds.at, bounds.at + TILE * padded);
  }
}

function addRow(out: Float64Array, to: number, numbers: Float64Array, from: number, width: number, more: number): void {
  for (let x = 0; x < width; x++) out[to + x] += numbers[from + x] + more;
}
