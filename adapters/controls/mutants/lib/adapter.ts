import { secondForm } from '../../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../../spec/operators/index.js';
import { expanded } from '../../../../spec/program/macros.js';
import type { Operator } from '../../../../spec/types/documents.js';
import type { Adapter } from '../../../adapter.js';
import type { Kernel } from '../../../kernel.js';
import { float32Fused } from '../../reference/arithmetic/float32-fused.js';
import { onlineCapabilities } from '../../reference/capabilities.js';
import { createKernel } from '../../reference/kernel.js';
import { online } from '../../reference/softmax/online.js';
import { standardSteps } from '../../reference/steps/steps.js';
import { capabilitiesOf } from '../../second-form/capabilities.js';
import { programKernel } from '../../second-form/program-kernel.js';
import type { Mutant, Passes } from './mutant.js';

/** Makes a mutant's adapter, with the claims of the correct kernel for its operators and dtypes. */
export function adapterOf(mutant: Mutant): Adapter {
  const names = { id: `mutant-${mutant.id}`, title: `Mutant: ${mutant.title}` };
  const { form } = mutant.fault;
  if (form) {
    const { operator, read, answer, paging, limits } = form;
    const claimed = capabilitiesOf([operator]);
    const capabilities = { ...claimed, dtypes: mutant.dtypes ?? ['f32'], limits: { ...claimed.limits, ...limits } };
    return { ...names, capabilities, open: async () => programKernel([operator], { read, answer, paging }) };
  }
  const programs = mutant.fault.programs && { programs: mutant.fault.programs };
  const forms = withoutLoops(mutant.operators ?? []);
  if (programs && forms.length > 0)
    return { ...names, ...programs, capabilities: { ...capabilitiesOf(forms), dtypes: ['f32'] }, open: async () => programKernel(forms) };
  return {
    ...names,
    capabilities: {
      ...onlineCapabilities,
      operators: mutant.operators ?? ['softmax'],
      dtypes: mutant.dtypes ?? ['f32'],
      captured: false,
      reuse: false,
      ...mutant.claims,
      ...(mutant.dialect && { dialect: mutant.dialect }),
    },
    ...programs,
    open: async () => openMutant(mutant),
  };
}

/** Returns second forms of operators without reference loops, as kernels inside a scheme. */
function withoutLoops(names: readonly string[]): Operator[] {
  const missing = names.filter((name) => !onlineCapabilities.operators.includes(name));
  return operatorDocuments.filter(({ name }) => missing.includes(name)).flatMap((operator) => secondForm(expanded(operator)) ?? []);
}

function openMutant(mutant: Mutant): Kernel {
  const fault = { ...mutant.fault, ...mutant.fault.perKernel?.() };
  const correct = createKernel({
    forward: fault.forward ?? online,
    steps: { ...standardSteps, ...fault.steps },
    float32: fault.float32 ?? float32Fused,
    masks: onlineCapabilities.masks ?? [],
  }) as Kernel & Passes;
  const taken = fault.call ?? ((call) => call);
  const passes: Passes = {
    forward: (call) => correct.forward(taken(call, 'forward')),
    backward: (call) => correct.backward(taken(call, 'backward')),
  };
  return { ...correct, ...passes, ...fault.wrap?.(passes), ...(fault.capture && { capture: fault.capture(passes) }) };
}
