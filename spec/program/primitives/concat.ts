import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import { type Application, type Evaluated, type Primitive, TermError } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, offsets, type ProgramTensor, strideOf, without } from '../tensor.js';

function forEach(
  { operands: { x, y }, axes: [first, second, whole], out, sizes }: Application,
  copy: (i: number, t: ProgramTensor, at: number) => void,
): void {
  const place = offsets([whole], out.axes, sizes);
  const count = sizes[first];
  const [xAt, yAt] = [offsets(x.axes, out.axes, sizes), offsets(y.axes, out.axes, sizes)];
  const [xStep, yStep] = [strideOf(x.axes, first, sizes), strideOf(y.axes, second, sizes)];
  for (const [i, k] of place.entries()) {
    if (k < count) copy(i, x, xAt[i] + k * xStep);
    else copy(i, y, yAt[i] + (k - count) * yStep);
  }
}

function copied(application: Application, key: 'bound' | 'least'): Float64Array | undefined {
  const { x, y } = application.operands;
  if (!x[key] && !y[key]) return undefined;
  const all = floats(elements(application.out.axes, application.sizes));
  forEach(application, (i, t, at) => {
    all[i] = t[key]?.[at] ?? 0;
  });
  return all;
}

/** Concatenation along x's axis `first` and y's axis `second`; other axes are aligned by name. */
export const concat: Primitive = {
  name: 'concat',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
    { name: 'first', kind: 'axis' },
    { name: 'second', kind: 'axis' },
    { name: 'whole', kind: 'axis' },
  ],
  shape({ operands: { x, y }, axes: [first, second, whole], sizes }) {
    requireAxes([first], x);
    requireAxes([second], y);
    const others = [...new Set([...without(x.axes, [first]), ...without(y.axes, [second])])];
    requireNewAxes([whole], { kind: 'number', axes: [first, second, ...others] });
    const both = [first, second].find((axis) => others.includes(axis));
    if (both !== undefined) throw new TermError(`the other operand has axis "${both}" too; the result would have this axis twice`);
    const size = sizes[first] + sizes[second];
    if (sizes[whole] !== size)
      throw new TermError(`"${first}" and "${second}" have size ${size} together, but "${whole}" has size ${sizes[whole]}`);
    return { kind: 'number', axes: [...others, whole] };
  },
  value(application): Evaluated {
    const value = floats(elements(application.out.axes, application.sizes));
    const zero = bytes(value.length);
    forEach(application, (i, t, at) => {
      value[i] = t.value[at];
      zero[i] = t.zero?.[at] ?? 0;
    });
    return zero.includes(1) ? { value, zero } : { value };
  },
  bound: (application) => copied(application, 'bound'),
  least: (application) => copied(application, 'least'),
  gradient: ({ axes: [first, second, whole], sizes }) => ({
    x: ['part', 'dout', whole, 0, sizes[first], first],
    y: ['part', 'dout', whole, sizes[first], sizes[first] + sizes[second], second],
  }),
};
