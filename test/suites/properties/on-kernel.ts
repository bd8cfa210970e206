import { float32Fused } from '../../../adapters/controls/reference/arithmetic/float32-fused.js';
import { onlineCapabilities } from '../../../adapters/controls/reference/capabilities.js';
import { createKernel } from '../../../adapters/controls/reference/kernel.js';
import { online } from '../../../adapters/controls/reference/softmax/online.js';
import type { SoftmaxForward } from '../../../adapters/controls/reference/softmax/softmax-forward.js';
import { type Steps, standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import type { Call, Kernel, Outputs } from '../../../adapters/kernel.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { type FullCapabilities, resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case, DType } from '../../../spec/types/documents.js';
import type { FailJudgement, Judgement, Property } from '../../../suites/contract/property.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';
import { KernelCalls } from '../../../suites/runner/host/kernel-calls.js';
import { TensorPacker } from '../../../suites/runner/host/wire.js';

/** Helpers that judge properties on the reference kernel, or on one with a fault, over cases as they are drawn. */

export const library = createLibrary();

export function claims(capabilities: Partial<Capabilities> = {}): FullCapabilities {
  return resolveCapabilities({ ...onlineCapabilities, gradients: false, operators: ['softmax'], ...capabilities }, 'test');
}

export function referenceWith(steps: Partial<Steps> = {}, forward: SoftmaxForward = online): Kernel {
  return createKernel({
    forward,
    steps: { ...standardSteps, ...steps },
    float32: float32Fused,
    masks: onlineCapabilities.masks ?? [],
  });
}

/** Reference kernel with another forward pass, which may call the right one. */
export function forwardOf(forward: (call: Call, right: (call: Call) => Promise<Outputs>) => Promise<Outputs>): Kernel {
  const right = referenceWith();
  return { ...right, forward: (call) => forward(call, (c) => right.forward(c)) };
}

/** A property's verdict on a kernel. @param undiagnosed leaves a failure unexplained: to explain it takes most of the time of a case. */
export async function judgeKernel(
  property: Property,
  kernel: Kernel,
  c: Case,
  capabilities = claims(),
  undiagnosed = true,
): Promise<Judgement> {
  const results: Tensors[] = [];
  const calls = new KernelCalls(Claims.of(library, capabilities), kernel, new TensorPacker());
  for (const spec of property.calls(c, Claims.of(library, capabilities))) {
    const { command, case: called } = spec;
    const call = { case: called, tensors: tensorsOf(Claims.of(library, capabilities), called, command) };
    if (spec.captured) results.push((await calls.compute(spec, call.tensors)) as Tensors);
    else results.push(command === 'forward' ? await kernel.forward(call) : ((await kernel.backward?.(call)) as Tensors));
  }
  const judge = { claims: Claims.of(library, capabilities), problemOf, expectationOf, undiagnosed };
  return judgeCase(property, judge, c, results).judgement;
}

/** As `judgeKernel`, with the explanation of a failure. */
export function diagnoseKernel(property: Property, kernel: Kernel, c: Case, capabilities?: FullCapabilities): Promise<Judgement> {
  return judgeKernel(property, kernel, c, capabilities, false);
}

export interface Trial {
  readonly failure?: FailJudgement;
  readonly decided: number;
  /** Case that failed. */
  readonly case?: Case;
}

/** Judges cases as a check draws them, up to the first that fails. */
export async function tryCases(
  property: Property,
  kernel: Kernel,
  count: number,
  dtype: DType = 'f32',
  capabilities = claims(),
): Promise<Trial> {
  const request = { operator: 'softmax', mask: 'any', dtype, needs: property.needs };
  const arbitrary = caseArbitrary(Claims.of(library, capabilities), request);
  let decided = 0;
  for (let index = 0; index < count; index++) {
    const c = drawCase(arbitrary, caseSeed(3, index, 0)).value;
    const judgement = await judgeKernel(property, kernel, c, capabilities);
    if (judgement.status === 'fail') return { failure: judgement, decided, case: c };
    if (judgement.status === 'pass') decided++;
  }
  return { decided };
}
