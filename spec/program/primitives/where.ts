import type { Application, Primitive } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, offsets, union } from '../tensor.js';

function places({ operands, out, sizes }: Application): { condition: Int32Array; x: Int32Array; y: Int32Array } {
  const at = (name: string) => offsets(operands[name].axes, out.axes, sizes);
  return { condition: at('condition'), x: at('x'), y: at('y') };
}

/** Selection of x where the condition holds and of y elsewhere; the element that is not selected contributes nothing. */
export const where: Primitive = {
  name: 'where',
  parameters: [
    { name: 'condition', kind: 'boolean' },
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: ({ operands }) => ({ kind: 'number', axes: union(operands.x.axes, operands.y.axes, operands.condition.axes) }),
  value(application) {
    const { condition, x, y } = application.operands;
    const { value: holds, bound: open } = condition;
    const { value: xValue, zero: xZero } = x;
    const { value: yValue, zero: yZero } = y;
    const { condition: conditionAt, x: xAt, y: yAt } = places(application);
    const value = floats(elements(application.out.axes, application.sizes));
    const zero = xZero || yZero ? bytes(value.length) : undefined;
    for (let i = 0; i < value.length; i++) {
      const first = holds[conditionAt[i]] !== 0;
      value[i] = first ? xValue[xAt[i]] : yValue[yAt[i]];
      if (!zero) continue;
      const ofX = xZero?.[xAt[i]] ?? 0;
      const ofY = yZero?.[yAt[i]] ?? 0;
      // a sum must not skip what an undecided condition may select
      zero[i] = open?.[conditionAt[i]] ? ofX & ofY : first ? ofX : ofY;
    }
    return zero ? { value, zero } : { value };
  },
  bound(application, result) {
    const { condition, x, y } = application.operands;
    const { value: holds, bound: open } = condition;
    const { value: xValue, bound: xBound } = x;
    const { value: yValue, bound: yBound } = y;
    if (!open && !xBound && !yBound) return undefined;
    const { condition: conditionAt, x: xAt, y: yAt } = places(application);
    const bound = floats(result.value.length);
    for (let i = 0; i < bound.length; i++) {
      const ex = xBound ? xBound[xAt[i]] : 0;
      const ey = yBound ? yBound[yAt[i]] : 0;
      // an undecided condition may select either operand
      if (open?.[conditionAt[i]]) bound[i] = Math.abs(xValue[xAt[i]] - yValue[yAt[i]]) + Math.max(ex, ey);
      else bound[i] = holds[conditionAt[i]] !== 0 ? ex : ey;
    }
    return bound;
  },
  least(application) {
    const { condition, x, y } = application.operands;
    if (!x.least && !y.least) return undefined;
    const at = places(application);
    return Float64Array.from({ length: at.x.length }, (_, i) => {
      if (condition.bound?.[at.condition[i]]) return 0;
      return (condition.value[at.condition[i]] !== 0 ? x.least?.[at.x[i]] : y.least?.[at.y[i]]) ?? 0;
    });
  },
  gradient: () => ({ x: ['where', 'condition', 'dout', 0], y: ['where', 'condition', 0, 'dout'] }),
};
