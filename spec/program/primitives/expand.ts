import type { Primitive } from '../primitive.js';
import { TermError } from '../primitive.js';
import { offsets } from '../tensor.js';

/** Repetition of x along axes that it lacks. */
export const expand: Primitive = {
  name: 'expand',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axes', kind: 'axes' },
  ],
  shape({ operands, axes }) {
    const present = axes.find((axis) => operands.x.axes.includes(axis));
    if (present) throw new TermError(`the operand already has axis "${present}": ${operands.x.axes.join(' ')}`);
    return { kind: 'number', axes: [...operands.x.axes, ...axes] };
  },
  value({ operands, out, sizes }) {
    const at = offsets(operands.x.axes, out.axes, sizes);
    const { value, zero } = operands.x;
    const repeated = Float64Array.from(at, (i) => value[i]);
    return zero ? { value: repeated, zero: Uint8Array.from(at, (i) => zero[i]) } : { value: repeated };
  },
  bound({ operands, out, sizes }) {
    const { bound } = operands.x;
    return bound && Float64Array.from(offsets(operands.x.axes, out.axes, sizes), (i) => bound[i]);
  },
  least({ operands, out, sizes }) {
    const { least } = operands.x;
    return least && Float64Array.from(offsets(operands.x.axes, out.axes, sizes), (i) => least[i]);
  },
  gradient: ({ axes }) => ({ x: ['sum', 'dout', ...axes] }),
};
