import { evaluateExpression } from '../expression/evaluate.js';
import { DocumentError } from '../lib/documents.js';
import { sizeOf } from '../tensor/tensor.js';
import type { Expression, Operator } from '../types/documents.js';
import { outsideDomain } from './domain.js';
import { flatAxesOf, type InputFacts } from './facts.js';
import { shapeOfAxes } from './layout.js';
import { unlikeSizes } from './sample-sizes.js';

/** Elements of an input as an expression over its indices gives them, row-major, in float64. */
export function fixedElements(expression: Expression, axes: readonly string[], shape: readonly number[]): Float64Array {
  const flat = flatAxesOf(axes);
  const index = new Array<number>(shape.length).fill(0);
  const numberOf = (name: string) => (name.startsWith('#') ? shape[flat.indexOf(name.slice(1))] : index[flat.indexOf(name)]);
  return Float64Array.from({ length: sizeOf(shape) }, () => {
    const value = evaluateExpression(expression, numberOf);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
    return value;
  });
}

/** Checks an expression against the input's domain, at sample sizes. @throws {DocumentError} */
export function checkFixedElements(operator: Operator, facts: InputFacts, expression: Expression, document: string, path: string): void {
  for (const dims of unlikeSizes(operator))
    for (const value of fixedElements(expression, facts.axes, shapeOfAxes(facts.axes, { dims }))) {
      const mend = outsideDomain(facts, value);
      if (mend !== undefined) throw new DocumentError(document, path, `gives ${value}, ${mend}`);
    }
}
