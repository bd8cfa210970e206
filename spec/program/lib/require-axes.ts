import { type TensorType, TermError } from '../primitive.js';

/**
 * Checks the axes over which a primitive runs.
 * @throws {TermError} when the operand lacks one of the axes, or one is named twice.
 */
export function requireAxes(axes: readonly string[], type: TensorType): void {
  for (const [i, axis] of axes.entries()) {
    if (!type.axes.includes(axis)) throw new TermError(`the operand has no axis "${axis}", it has: ${type.axes.join(' ') || 'none'}`);
    if (axes.indexOf(axis) !== i) throw new TermError(`axis "${axis}" is named twice`);
  }
}

/**
 * Checks the axes that a primitive makes.
 * @throws {TermError} when the operand has one of the axes already, or one is named twice.
 */
export function requireNewAxes(axes: readonly string[], type: TensorType): void {
  for (const [i, axis] of axes.entries()) {
    if (type.axes.includes(axis)) throw new TermError(`the operand already has axis "${axis}": ${type.axes.join(' ')}`);
    if (axes.indexOf(axis) !== i) throw new TermError(`axis "${axis}" is named twice`);
  }
}
