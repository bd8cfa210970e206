import { adapterOf, Flash, type Head } from './flash.js';

/** A number in [0, 1) that differs from one call to the next. */
let draw = Math.random;

/** Starts the orders anew from a seed, so that a test can repeat them. */
export function seedOrders(seed: number): void {
  let state = seed >>> 0;
  draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Puts the numbers in an order drawn anew. */
function shuffled<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
  return items;
}

/**
 * A right kernel that is not deterministic, as one with atomic additions: its tiles of keys, and the elements of q·k, are added in an order
 * that is drawn anew for each row of each call, in f32.
 */
export class Shuffled extends Flash {
  override tiles(n: number): number[] {
    return shuffled(super.tiles(n));
  }

  override dot(x: Float32Array, xAt: number, y: Float32Array, yAt: number, length: number): number {
    const order = shuffled(Array.from({ length }, (_, z) => z));
    return order.reduce((sum, z) => this.add(sum, Math.fround(x[xAt + z] * y[yAt + z])), 0);
  }
}

/** The same, but what lies in a hidden slot is multiplied by zero in place of being left out: right but for NaN and infinity. */
export class ShuffledLeaking extends Shuffled {
  override hidden(acc: Float32Array, head: Head, j: number): void {
    this.weigh(acc, 0, head, j);
  }
}

const options = { deterministic: { forward: false, backward: false } };

export const leaking = adapterOf('shuffled-leaking', 'An order drawn anew, and a leak', new ShuffledLeaking(), ['f32'], options);
export default adapterOf('shuffled', 'A right kernel that sums in an order drawn anew each call', new Shuffled(), ['f32'], options);
