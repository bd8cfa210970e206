import { gamma } from '../../numeric/profile.js';
import type { Application, Primitive } from '../primitive.js';
import { bytes, floats, integers, madeFor } from '../scratch.js';
import { elements } from '../tensor.js';
import { intervalAt, sizeOfInterval } from './elementwise.js';

/** Terms of sums in the operand, and their target elements. */
interface Targets {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** 1 for every target that an uncertain index may change. */
  readonly open?: Uint8Array;
}

type Rules = Omit<Primitive, 'value' | 'bound' | 'least'> & { targets(application: Application): Targets };

interface Terms extends Targets {
  readonly counts: Int32Array;
}

function termsOf({ operands: { x }, out, sizes }: Application, { from, to, open }: Targets): Terms {
  const counts = integers(elements(out.axes, sizes)).fill(0);
  const kept = integers(to.length);
  for (let k = 0; k < kept.length; k++) {
    kept[k] = x.zero?.[from[k]] ? -1 : to[k];
    if (kept[k] >= 0) counts[kept[k]]++;
  }
  return { from, to: kept, counts, ...(open && { open }) };
}

/** Primitive that adds elements of x to targets; a sum without terms is a structural zero. */
export function collection({ targets, ...rules }: Rules): Primitive {
  const terms = (application: Application) => madeFor(application, () => termsOf(application, targets(application)));
  return {
    ...rules,
    value(application) {
      const { value: x } = application.operands.x;
      const { from, to, counts } = terms(application);
      const value = floats(counts.length);
      for (let k = 0; k < to.length; k++) if (to[k] >= 0) value[to[k]] += x[from[k]];
      if (!counts.includes(0)) return { value };
      const zero = bytes(counts.length);
      for (let i = 0; i < zero.length; i++) if (counts[i] === 0) zero[i] = 1;
      return { value, zero };
    },
    bound(application, { value }) {
      const { value: x, bound: xBound } = application.operands.x;
      const { from, to, counts, open } = terms(application);
      const magnitude = floats(value.length);
      const error = floats(value.length);
      for (let k = 0; k < to.length; k++) {
        if (to[k] < 0) continue;
        magnitude[to[k]] += Math.abs(x[from[k]]);
        if (xBound) error[to[k]] += xBound[from[k]];
      }
      const bound = floats(value.length);
      for (let i = 0; i < bound.length; i++) {
        const g = gamma(counts[i], application.profile.a);
        if (open?.[i]) bound[i] = Infinity;
        else if (counts[i] > 0) bound[i] = g * magnitude[i] + (1 + g) * error[i];
      }
      return bound;
    },
    least(application) {
      const { x } = application.operands;
      if (!x.least) return undefined;
      const { from, to, counts, open } = terms(application);
      const low = floats(counts.length);
      const high = floats(counts.length);
      for (let k = 0; k < to.length; k++) {
        if (to[k] < 0) continue;
        const term = intervalAt(x, from[k]);
        low[to[k]] += term.low;
        high[to[k]] += term.high;
      }
      return low.map((from, i) => {
        if (open?.[i]) return 0;
        const size = sizeOfInterval({ low: from, high: high[i] }) * (1 - gamma(counts[i], application.profile.a));
        return size > 0 ? Math.min(size, Number.MAX_VALUE) : 0;
      });
    },
  };
}
