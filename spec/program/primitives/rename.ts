import type { Term } from '../../types/documents.js';
import { copied, copiedBound } from '../lib/copied.js';
import { type Primitive, TermError } from '../primitive.js';

function renamed(axes: readonly string[], [from, to]: readonly string[]): string[] {
  return axes.map((axis) => (axis === from ? to : axis));
}

/** x with axis `from` renamed to `to`, which has the same size. */
export const rename: Primitive = {
  name: 'rename',
  parameters: [
    { name: 'x', kind: 'any' },
    { name: 'from', kind: 'axis' },
    { name: 'to', kind: 'axis' },
  ],
  shape({ operands: { x }, axes, sizes }) {
    const [from, to] = axes;
    if (!x.axes.includes(from)) throw new TermError(`the operand has no axis "${from}", it has: ${x.axes.join(' ') || 'none'}`);
    if (x.axes.includes(to)) throw new TermError(`the operand already has axis "${to}": ${x.axes.join(' ')}`);
    if (sizes[from] !== sizes[to])
      throw new TermError(`axis "${from}" has size ${sizes[from]} and "${to}" ${sizes[to]}; they must have one size in every case`);
    return { kind: x.kind, axes: renamed(x.axes, axes) };
  },
  value: ({ operands: { x } }) => copied(x),
  analysis({ operands: { x }, axes }) {
    const { softmax } = x;
    return softmax && { ...softmax, axis: renamed([softmax.axis], axes)[0], rowAxes: renamed(softmax.rowAxes, axes) };
  },
  bound: ({ operands, profile }) => copiedBound(operands.x, profile),
  least: ({ operands }) => operands.x.least,
  gradient({ operands, axes: [from, to] }): Record<string, Term> {
    return operands.x.kind === 'number' ? { x: ['rename', 'dout', to, from] } : {};
  },
};
