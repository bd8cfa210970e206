import { DocumentError } from '../../../../spec/lib/documents.js';
import { memoised } from '../../../../spec/lib/memoised.js';
import { optionalNames } from '../../../../spec/operator/facts.js';
import { unlikeSizes } from '../../../../spec/operator/sample-sizes.js';
import { buildProgram } from '../../../../spec/program/build.js';
import { bindingWith } from '../../../../spec/program/check.js';
import type { Operator, Statement } from '../../../../spec/types/documents.js';

/** Returns true if a program is sound for several sizes and keeps the outputs' axes. */
export function fits(operator: Operator, program: readonly Statement[] | undefined): boolean {
  if (!program) return true;
  const right = axesOf(operator);
  try {
    return [...axesOfOutputs({ ...operator, program: [...program] as Operator['program'] })].every((axes, at) => axes === right[at]);
  } catch (error) {
    if (error instanceof DocumentError) return false;
    throw error;
  }
}

const axesOf = memoised((operator: Operator) => [...axesOfOutputs(operator)]);

/** Yields output axes with all optional inputs and without them, for several sizes. */
function* axesOfOutputs(operator: Operator): Generator<string, undefined> {
  for (const present of [optionalNames(operator), []]) {
    const binding = bindingWith(operator, present, true);
    for (const sizes of [binding.sizes, ...unlikeSizes(operator, binding.options)])
      yield [...buildProgram(operator, { ...binding, sizes }).outputs].map(([name, { type }]) => `${name} ${[...type.axes].sort()}`).join();
  }
}
