import { evaluateExpression } from '../expression/evaluate.js';
import { carriedState, packedSegments } from '../operator/carried-state.js';
import { shapeOfAxes } from '../operator/layout.js';
import { sizeOf } from '../tensor/tensor.js';
import type { Case, Operator } from '../types/documents.js';

/** Scalars of a case: mask parameters, options, and elements of its `state` or `segmentState`. */
export type CaseScalars = Readonly<Record<string, number>>;

/** Scalars of a case that a scheme's expressions may name (`given` in its document). */
export function caseScalarsOf(
  { operators }: { readonly operators: ReadonlyMap<string, Operator> },
  { operator, mask, options, dims }: Case,
): CaseScalars {
  const scalars: Record<string, number> = {};
  const document = operators.get(operator);
  const carried = document && carriedState(document);
  if (carried) scalars.state = sizeOf(shapeOfAxes(document.outputs[carried.output], { dims }));
  const segments = document && packedSegments(document);
  if (segments) scalars.segmentState = scalars.state / dims[segments.axis];
  for (const [name, option] of Object.entries(document?.options ?? {})) {
    const value = options[name];
    if (typeof value === 'number') scalars[name] = value;
    else if (option.default !== null) scalars[name] = evaluateExpression(option.default, (size) => dims[size.slice(1)]);
  }
  const parameters = 'name' in mask ? (mask.parameters ?? {}) : {};
  for (const [name, value] of Object.entries(parameters)) if (typeof value === 'number') scalars[name] = value;
  return scalars;
}
