import { type FullCapabilities, gradientsOf } from '../../../spec/claims/capabilities.js';
import { rowMajor } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { Case, Tensors } from '../../adapter.js';
import type { Call } from '../../kernel.js';
import { inDocumentOrder, outputShape, type Shaped } from '../manifest/tensors.js';
import type { ManifestProgram, Wanted } from './program.js';

/** Returns bound forward outputs in the case's layout, in the case's dtype or wider; lse in f32. */
export function forwardOutputs(program: ManifestProgram, names: readonly string[], c: Case, operator?: Operator): Wanted {
  const wanted: Record<string, Wanted[string]> = {};
  for (const name of names) {
    const shape = program.binds(name) ? outputShape(operator, name, c) : undefined;
    if (shape) wanted[name] = { dtype: name === 'lse' ? 'f32' : (program.outputDType(name) ?? c.dtype), shape };
  }
  return wanted;
}

/** Returns bound gradients of inputs that the call has. */
export function backwardOutputs(program: ManifestProgram, names: readonly string[], { tensors }: Call): Wanted {
  const bound = names.filter((name) => program.binds(name) && tensors[name.slice(1)]);
  return Object.fromEntries(
    bound.map((name) => {
      const { dtype, shape } = tensors[name.slice(1)];
      return [name, { dtype: program.outputDType(name) ?? dtype, shape }];
    }),
  );
}

/** Returns true for claimed outputs. A bias that only holds a mask has no gradient. */
export function isClaimed(output: string, { case: c }: Call, capabilities: FullCapabilities, operator?: Operator): boolean {
  if (capabilities.outputs.includes(output)) return true;
  if (output === 'dbias' && c.options.bias !== true) return false;
  const claimed = operator ? gradientsOf(capabilities, operator) : capabilities.gradients;
  return claimed.includes(output.slice(1));
}

/** Returns shapes and strides of all tensors of a call, over b h l d or document axes. */
export function shapesOf(c: Case, tensors: Tensors, wanted: Wanted, operator?: Operator): Record<string, Shaped> {
  const written = Object.entries(wanted).map(([name, { shape }]) => [name, { shape, strides: rowMajor(shape), offset: 0 }] as const);
  const given = Object.entries(tensors).map(([name, { shape, strides, offset }]) => [name, { shape, strides, offset }] as const);
  return Object.fromEntries([...given, ...written].map(([name, t]) => [name, inDocumentOrder<Shaped>(operator, name, t, c)]));
}
