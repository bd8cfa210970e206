import { type TensorType, TermError } from '../primitive.js';

/** Checks existing axes of an operand. @throws {TermError} if one is missing or named twice. */
export function requireAxes(axes: readonly string[], type: TensorType): void {
  for (const [i, axis] of axes.entries()) {
    if (!type.axes.includes(axis)) throw new TermError(`the operand has no axis "${axis}", it has: ${type.axes.join(' ') || 'none'}`);
    if (axes.indexOf(axis) !== i) throw new TermError(`axis "${axis}" is named twice`);
  }
}

/** Checks axes that a primitive adds. @throws {TermError} if one exists or is named twice. */
export function requireNewAxes(axes: readonly string[], type: TensorType): void {
  for (const [i, axis] of axes.entries()) {
    if (type.axes.includes(axis)) throw new TermError(`the operand already has axis "${axis}": ${type.axes.join(' ')}`);
    if (axes.indexOf(axis) !== i) throw new TermError(`axis "${axis}" is named twice`);
  }
}
