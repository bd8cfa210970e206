import { onlineCapabilities } from '../../../../adapters/controls/reference/capabilities.js';
import { problemOf } from '../../../../generators/problem.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { type FullCapabilities, resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { type Dialect, type DialectAxis, dialectAxes } from '../../../../spec/dialect.js';
import { createLibrary } from '../../../../spec/library.js';
import { type Tensors, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Capabilities, Case, DType } from '../../../../spec/types/documents.js';
import { oracleOf } from '../../../../suites/diagnosis/dialect/candidate.js';
import type { ProbeAnswer } from '../../../../suites/diagnosis/dialect/finding.js';
import { inferDialect } from '../../../../suites/diagnosis/dialect/infer.js';
import { planDialect } from '../../../../suites/diagnosis/dialect/plan.js';
import { normalise } from '../../../../suites/properties/lib/outputs.js';
import { dialectKernel } from '../../../kernels/dialects.js';

export const library = createLibrary();
export const axes = Object.keys(dialectAxes) as DialectAxis[];
export const everyValue = axes.flatMap((axis) => dialectAxes[axis].map((value) => [axis, value] as const));

const made = new Map<string, FullCapabilities>();

/** Capabilities of the reference with changes. Equal changes give the same object, so that its calls are planned once. */
export function claims(changes: Partial<Capabilities> = {}): FullCapabilities {
  const key = JSON.stringify(changes);
  const capabilities = made.get(key) ?? resolveCapabilities({ ...onlineCapabilities, dtypes: ['f32'], ...changes }, 'test');
  made.set(key, capabilities);
  return capabilities;
}

export type Forward = (call: { case: Case; tensors: Tensors }) => Promise<Tensors>;

/** Changes every element of every output of a forward pass. */
export function withElements(forward: Forward, change: (element: number) => number): Forward {
  return async (call) => {
    const outputs = Object.entries(await forward(call));
    return Object.fromEntries(
      outputs.map(([name, t]) => [
        name,
        tensorOf(
          t.dtype,
          t.shape,
          valuesOf(t).map((x) => change(x)),
        ),
      ]),
    );
  };
}

export async function outputsOf(forward: Forward, capabilities: FullCapabilities, dtype: DType = 'f32'): Promise<Tensors[]> {
  const outputs: Tensors[] = [];
  for (const call of planDialect(capabilities, dtype).calls) {
    const { case: c } = call;
    const answer = await forward({ case: c, tensors: tensorsOf(Claims.of(library, capabilities), c) });
    outputs.push(normalise(call, answer, capabilities, problemOf(Claims.of(library, capabilities), c)));
  }
  return outputs;
}

export function infer(answers: readonly ProbeAnswer[], capabilities: FullCapabilities, dtype: DType = 'f32') {
  return inferDialect(planDialect(capabilities, dtype), answers, oracleOf(Claims.of(library, capabilities)));
}

/** Values of eps that float32 cannot tell apart: 1e-10 and less are the same beside features with an error of 2⁻²⁴. */
const tiny = ['1e-10', '1e-12', '0'];
export const told = (eps = '1e-6') => (tiny.includes(eps) ? tiny.join(' or ') : eps);

/** Infers the dialect of a forward pass: axis → value, or the status if no value is inferred. */
export async function found(forward: Forward, capabilities = claims()): Promise<Record<string, string>> {
  return foundIn(await outputsOf(forward, capabilities), capabilities);
}

export function foundIn(answered: readonly Tensors[], capabilities = claims()): Record<string, string> {
  const answers = answered.map((outputs) => ({ outputs }));
  return Object.fromEntries(
    infer(answers, capabilities).map(({ axis, status, values }) => [axis, status === 'inferred' ? values.join(' or ') : status]),
  );
}

const answers = new Map<string, Promise<Tensors[]>>();

/** The outputs of a kernel of this dialect that declares nothing, computed once. */
export function outputsIn(behaves: Dialect): Promise<Tensors[]> {
  const key = JSON.stringify(behaves);
  const outputs = answers.get(key) ?? outputsOf(dialectKernel(behaves).forward, claims());
  answers.set(key, outputs);
  return outputs;
}
