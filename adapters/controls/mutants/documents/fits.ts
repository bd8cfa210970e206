import { DocumentError } from '../../../../spec/documents.js';
import { optionalNames } from '../../../../spec/operator/facts.js';
import { unlikeSizes } from '../../../../spec/operator/sample-sizes.js';
import { buildProgram } from '../../../../spec/program/build.js';
import { bindingWith } from '../../../../spec/program/check.js';
import type { Operator, Statement } from '../../../../spec/types/documents.js';

/** Tells whether another program is sound for several sizes, and gives outputs of the same axes, with all that is optional and with none of it. */
export function fits(operator: Operator, program: readonly Statement[] | undefined): boolean {
  if (!program) return true;
  const other: Operator = { ...operator, program: [...program] as Operator['program'] };
  try {
    return [optionalNames(operator), []].every((present) => axesOfOutputs(operator, present) === axesOfOutputs(other, present));
  } catch (error) {
    if (error instanceof DocumentError) return false;
    throw error;
  }
}

function axesOfOutputs(operator: Operator, present: readonly string[]): string {
  const binding = bindingWith(operator, present, true);
  return [binding.sizes, ...unlikeSizes(operator, binding.options)]
    .flatMap((sizes) => [...buildProgram(operator, { ...binding, sizes }).outputs])
    .map(([name, { type }]) => `${name} ${[...type.axes].sort()}`)
    .join();
}
