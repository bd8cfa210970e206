import type { Primitive } from '../primitive.js';
import { TermError } from '../primitive.js';
import { gather, offsets } from '../tensor.js';

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
    const repeated = gather(value, at);
    return zero ? { value: repeated, zero: gather(zero, at) } : { value: repeated };
  },
  bound({ operands, out, sizes }) {
    const { bound } = operands.x;
    return bound && gather(bound, offsets(operands.x.axes, out.axes, sizes));
  },
  least({ operands, out, sizes }) {
    const { least } = operands.x;
    return least && gather(least, offsets(operands.x.axes, out.axes, sizes));
  },
  gradient: ({ axes }) => ({ x: ['sum', 'dout', ...axes] }),
};
