import { resolveNumeric } from '../numeric/profile.js';
import { declaredAxes, requiredInputs, usesMask } from '../operator/facts.js';
import { smallestSizes } from '../operator/sample-sizes.js';
import type { Operator } from '../types/documents.js';
import { evaluateProgram, type ProgramTensor } from './run.js';
import { elements, maskAxes } from './tensor.js';

/** Tells if the program, its dialect choice or `emptyRow` defines the output of empty rows. */
export function decidesEmptyRows(operator: Operator): boolean {
  if (operator.emptyRow !== undefined || !usesMask(operator)) return true;
  const sizes = smallestSizes(operator);
  const ones = (axes: readonly string[]): ProgramTensor => ({
    axes,
    value: new Float64Array(elements(axes, sizes)).fill(1),
  });
  const { o } = evaluateProgram(operator, {
    sizes,
    tensors: Object.fromEntries(requiredInputs(operator).map((name) => [name, ones(declaredAxes(operator)[name])])),
    options: {},
    offset: 0,
    mask: new Uint8Array(elements(maskAxes, sizes)),
    profile: resolveNumeric('f32'),
    gradients: false,
  });
  return !o.bound?.some((e) => e === Infinity);
}
