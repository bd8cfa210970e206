import type { Application, Primitive } from '../primitive.js';
import { bytes, floats, madeFor } from '../scratch.js';

interface Sources {
  /** Operand offset of every result element; −1 for a structural zero. */
  readonly from: Int32Array;
  /** 1 for every element that an uncertain index may change. */
  readonly open?: Uint8Array;
}

type Rules = Omit<Primitive, 'value' | 'bound' | 'least'> & { sources(application: Application): Sources };

/** Maps offsets in a loop: `map` of a typed array is several times as slow. */
export function placeOfEach(list: Int32Array, place: (offset: number, i: number) => number): Int32Array {
  const places = new Int32Array(list.length);
  for (let i = 0; i < places.length; i++) places[i] = place(list[i], i);
  return places;
}

/** Primitive that copies elements of x to other positions, with bounds and structural zeros. */
export function relocation({ sources: find, ...rules }: Rules): Primitive {
  const sources = (application: Application) => madeFor(application, () => find(application));
  return {
    ...rules,
    value(application) {
      const { value: xValue, zero: xZero } = application.operands.x;
      const { from } = sources(application);
      const value = floats(from.length);
      const zero = bytes(from.length);
      let hidden = false;
      for (let i = 0; i < from.length; i++) {
        const at = from[i];
        if (at < 0 || xZero?.[at]) {
          zero[i] = 1;
          hidden = true;
        } else value[i] = xValue[at];
      }
      return hidden ? { value, zero } : { value };
    },
    bound(application) {
      const { bound } = application.operands.x;
      const { from, open } = sources(application);
      if (!bound && !open) return undefined;
      const moved = floats(from.length);
      for (let i = 0; i < from.length; i++) {
        if (open?.[i]) moved[i] = Infinity;
        else if (bound && from[i] >= 0) moved[i] = bound[from[i]];
      }
      return moved;
    },
    least(application) {
      const { least } = application.operands.x;
      if (!least) return undefined;
      const { from, open } = sources(application);
      return Float64Array.from(from, (at, i) => (at < 0 || open?.[i] ? 0 : least[at]));
    },
  };
}
