import { gamma } from '../../numeric/profile.js';
import type { Application, Primitive } from '../primitive.js';
import { floats } from '../scratch.js';
import { elements } from '../tensor.js';
import { intervalAt, sizeOfInterval } from './elementwise.js';

/** Places in the operand of the terms of sums, and the element of the result to which each of them is added. */
interface Targets {
  /** Offset of every term in the operand. */
  readonly from: Int32Array;
  /** Offset of the element to which it is added; −1 for a term that is left out. */
  readonly to: Int32Array;
  /** 1 for every element of the result to which the error of an index leaves open what is added. */
  readonly open?: Uint8Array;
}

type Rules = Omit<Primitive, 'value' | 'bound' | 'least'> & { targets(application: Application): Targets };

/** Primitive that adds elements of its operand x up in other places. Structural zeros are skipped; a sum of nothing is one. */
export function collection({ targets, ...rules }: Rules): Primitive {
  /** Calls `add` with every term that is no structural zero. @returns how many terms each element of the result has. */
  const collect = (application: Application, { from, to }: Targets, add: (out: number, x: number) => void): Int32Array => {
    const { zero } = application.operands.x;
    const terms = new Int32Array(elements(application.out.axes, application.sizes));
    for (let k = 0; k < from.length; k++) {
      const at = from[k];
      if (to[k] < 0 || zero?.[at]) continue;
      add(to[k], at);
      terms[to[k]]++;
    }
    return terms;
  };
  return {
    ...rules,
    value(application) {
      const { value: xValue } = application.operands.x;
      const value = floats(elements(application.out.axes, application.sizes));
      const terms = collect(application, targets(application), (out, at) => {
        value[out] += xValue[at];
      });
      return terms.includes(0) ? { value, zero: Uint8Array.from(terms, (count) => (count === 0 ? 1 : 0)) } : { value };
    },
    bound(application, { value }) {
      const { value: xValue, bound: xBound } = application.operands.x;
      const places = targets(application);
      const magnitude = floats(value.length);
      const error = floats(value.length);
      const terms = collect(application, places, (out, at) => {
        magnitude[out] += Math.abs(xValue[at]);
        if (xBound) error[out] += xBound[at];
      });
      return value.map((_, i) => {
        if (places.open?.[i]) return Infinity;
        const g = gamma(terms[i], application.profile.a);
        return terms[i] === 0 ? 0 : g * magnitude[i] + (1 + g) * error[i];
      });
    },
    least(application) {
      const { x } = application.operands;
      if (!x.least) return undefined;
      const places = targets(application);
      const count = elements(application.out.axes, application.sizes);
      const low = floats(count);
      const high = floats(count);
      const terms = collect(application, places, (out, at) => {
        const term = intervalAt(x, at);
        low[out] += term.low;
        high[out] += term.high;
      });
      return low.map((from, i) => {
        if (places.open?.[i]) return 0;
        const size = sizeOfInterval({ low: from, high: high[i] }) * (1 - gamma(terms[i], application.profile.a));
        return size > 0 ? Math.min(size, Number.MAX_VALUE) : 0;
      });
    },
  };
}
