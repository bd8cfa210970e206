import type { Application, Primitive } from '../primitive.js';
import { bytes, floats, madeFor } from '../scratch.js';

/** Places in the operand from which the elements of a result come. */
interface Sources {
  /** Offset in the operand of every element of the result; −1 where there is none, which is a structural zero. */
  readonly from: Int32Array;
  /** 1 for every element whose source the error of an index leaves open. */
  readonly open?: Uint8Array;
}

type Rules = Omit<Primitive, 'value' | 'bound' | 'least'> & { sources(application: Application): Sources };

/** Returns a place for each offset of a list, by a loop: `map` of a typed array takes several times as long. */
export function placeOfEach(list: Int32Array, place: (offset: number, i: number) => number): Int32Array {
  const places = new Int32Array(list.length);
  for (let i = 0; i < places.length; i++) places[i] = place(list[i], i);
  return places;
}

/** Primitive that copies elements of its operand x to other places: values, errors and structural zeros go with them. */
export function relocation({ sources: find, ...rules }: Rules): Primitive {
  /** The sources of an application: the same for its value and its bound. */
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
