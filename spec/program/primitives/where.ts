import { alignment } from '../lib/elementwise.js';
import type { Application, Primitive } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, union } from '../tensor.js';

type Places = Readonly<Record<'condition' | 'x' | 'y', Int32Array | undefined>>;

function places({ operands, out, sizes }: Application): Places {
  const at = (name: string) => alignment(operands[name], out, sizes);
  return { condition: at('condition'), x: at('x'), y: at('y') };
}

/** Selects x if the condition holds, else y; the other element contributes exactly 0. */
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
    for (let i = 0; i < value.length; i++) {
      const first = holds[conditionAt ? conditionAt[i] : i] !== 0;
      value[i] = first ? xValue[xAt ? xAt[i] : i] : yValue[yAt ? yAt[i] : i];
    }
    if (!xZero && !yZero) return { value };
    const zero = bytes(value.length);
    for (let i = 0; i < zero.length; i++) {
      const at = conditionAt ? conditionAt[i] : i;
      const ofX = xZero ? xZero[xAt ? xAt[i] : i] : 0;
      const ofY = yZero ? yZero[yAt ? yAt[i] : i] : 0;
      // a sum must not skip a possible selection
      zero[i] = open && open[at] > 0 ? ofX & ofY : holds[at] !== 0 ? ofX : ofY;
    }
    return { value, zero };
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
      const at = conditionAt ? conditionAt[i] : i;
      const xi = xAt ? xAt[i] : i;
      const yi = yAt ? yAt[i] : i;
      const ex = xBound ? xBound[xi] : 0;
      const ey = yBound ? yBound[yi] : 0;
      // an undecided condition may select either operand
      if (open && open[at] > 0) bound[i] = Math.abs(xValue[xi] - yValue[yi]) + Math.max(ex, ey);
      else bound[i] = holds[at] !== 0 ? ex : ey;
    }
    return bound;
  },
  least(application) {
    const { condition, x, y } = application.operands;
    if (!x.least && !y.least) return undefined;
    const { condition: conditionAt, x: xAt, y: yAt } = places(application);
    return Float64Array.from({ length: elements(application.out.axes, application.sizes) }, (_, i) => {
      const at = conditionAt ? conditionAt[i] : i;
      if (condition.bound?.[at]) return 0;
      return (condition.value[at] !== 0 ? x.least?.[xAt ? xAt[i] : i] : y.least?.[yAt ? yAt[i] : i]) ?? 0;
    });
  },
  gradient: () => ({ x: ['where', 'condition', 'dout', 0], y: ['where', 'condition', 0, 'dout'] }),
};
