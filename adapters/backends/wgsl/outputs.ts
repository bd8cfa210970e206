import { type FullCapabilities, gradientsOf } from '../../../spec/claims/capabilities.js';
import { rowMajor } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { Case, Tensors } from '../../adapter.js';
import type { Call } from '../../kernel.js';
import { inDocumentOrder, outputShape, type Shaped } from '../manifest/tensors.js';
import type { ManifestProgram, Wanted } from './program.js';

/**
 * Returns the outputs of the forward pass that a program binds, in the case's layout: lse in f32, the others in the case's dtype or a wider one.
 * @param names of the outputs that there may be. @param operator the case's, if its document is known.
 */
export function forwardOutputs(program: ManifestProgram, names: readonly string[], c: Case, operator?: Operator): Wanted {
  const wanted: Record<string, Wanted[string]> = {};
  for (const name of names) {
    const shape = program.binds(name) ? outputShape(operator, name, c) : undefined;
    if (shape) wanted[name] = { dtype: name === 'lse' ? 'f32' : (program.outputDType(name) ?? c.dtype), shape };
  }
  return wanted;
}

/** Returns the outputs of the backward pass: for each input that the call has, a gradient of the same shape. @param names of all gradients. */
export function backwardOutputs(program: ManifestProgram, names: readonly string[], { tensors }: Call): Wanted {
  const bound = names.filter((name) => program.binds(name) && tensors[name.slice(1)]);
  return Object.fromEntries(
    bound.map((name) => {
      const { dtype, shape } = tensors[name.slice(1)];
      return [name, { dtype: program.outputDType(name) ?? dtype, shape }];
    }),
  );
}

/** Returns whether the capabilities claim that output; others are not passed on. A bias that only holds a mask has no gradient. */
export function isClaimed(output: string, { case: c }: Call, capabilities: FullCapabilities, operator?: Operator): boolean {
  if (capabilities.outputs.includes(output)) return true;
  if (output === 'dbias' && c.options.bias !== true) return false;
  const claimed = operator ? gradientsOf(capabilities, operator) : capabilities.gradients;
  return claimed.includes(output.slice(1));
}

/** Returns shape and strides of every tensor that a call reads or writes, axes in the order b h l d, or that of the operator's document. */
export function shapesOf(c: Case, tensors: Tensors, wanted: Wanted, operator?: Operator): Record<string, Shaped> {
  const written = Object.entries(wanted).map(([name, { shape }]) => [name, { shape, strides: rowMajor(shape), offset: 0 }] as const);
  const given = Object.entries(tensors).map(([name, { shape, strides, offset }]) => [name, { shape, strides, offset }] as const);
  return Object.fromEntries([...given, ...written].map(([name, t]) => [name, inDocumentOrder<Shaped>(operator, name, t, c)]));
}
