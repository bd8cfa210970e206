import { rowMajor } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case, Tensors } from '../../adapter.js';
import type { Call } from '../../kernel.js';
import type { Shaped } from '../manifest/names.js';
import { outputsOf } from './check.js';
import type { ManifestProgram, Wanted } from './program.js';

/** Returns the outputs of the forward pass: o in the case's layout; lse [b, h, m], or [h, m] for packed sequences. */
export function forwardOutputs(program: ManifestProgram, { case: c }: Call): Wanted {
  const { b, hk, g, m, e } = c.dims;
  const wanted: Record<string, Wanted[string]> = {};
  if (program.binds('o')) {
    const shape = { bhld: [b, hk * g, m, e], blhd: [b, m, hk * g, e], thd: [m, hk * g, e] }[c.layout];
    wanted.o = { dtype: program.outputDType('o') ?? c.dtype, shape };
  }
  if (program.binds('lse')) wanted.lse = { dtype: 'f32', shape: c.layout === 'thd' ? [hk * g, m] : [b, hk * g, m] };
  return wanted;
}

/** Returns the outputs of the backward pass: for each input that the call has, a gradient of the same shape. */
export function backwardOutputs(program: ManifestProgram, { tensors }: Call): Wanted {
  const names = outputsOf.backward.filter((name) => program.binds(name) && tensors[name.slice(1)]);
  return Object.fromEntries(
    names.map((name) => {
      const { dtype, shape } = tensors[name.slice(1)];
      return [name, { dtype: program.outputDType(name) ?? dtype, shape }];
    }),
  );
}

/** Returns whether the capabilities claim that output; others are not passed on. A bias that only holds a mask has no gradient. */
export function isClaimed(output: string, { case: c }: Call, { outputs = ['o'], gradients = false }: Capabilities): boolean {
  if ((outputs as string[]).includes(output)) return true;
  if (output === 'dbias' && c.options.bias !== true) return false;
  const claimed: readonly string[] = gradients === true ? ['q', 'k', 'v'] : gradients || [];
  return claimed.includes(output.slice(1));
}

/** Tensors whose axis order depends on the layout. */
const laidOut = ['q', 'k', 'v', 'do', 'o', 'dq', 'dk', 'dv'];

/** Returns shape and strides of every tensor that a call reads or writes, axes in the order b h l d. */
export function shapesOf({ layout }: Case, tensors: Tensors, wanted: Wanted): Record<string, Shaped> {
  const written = Object.entries(wanted).map(([name, { shape }]) => [name, { shape, strides: rowMajor(shape), offset: 0 }] as const);
  const inHeadOrder = (name: string, t: Shaped): Shaped => {
    if (layout === 'bhld' || !laidOut.includes(name)) return t;
    if (layout === 'thd') {
      const [l, h, d] = t.strides;
      return { shape: [1, t.shape[1], t.shape[0], t.shape[2]], strides: [0, h, l, d], offset: t.offset };
    }
    const swap = ([b, l, h, d]: readonly number[]): number[] => [b, h, l, d];
    return { shape: swap(t.shape), strides: swap(t.strides), offset: t.offset };
  };
  return Object.fromEntries([...Object.entries(tensors), ...written].map(([name, t]) => [name, inHeadOrder(name, t)]));
}
