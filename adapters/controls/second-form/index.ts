import { secondForm } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { expanded } from '../../../spec/program/macros.js';
import type { Adapter } from '../../adapter.js';
import type { LoadOptions } from '../../load-options.js';
import { capabilitiesOf } from './capabilities.js';
import { ProgramKernel, programKernel } from './program-kernel.js';

/** Loads the second forms of all operator documents, built-in or of `--spec`. */
export async function loadSecondForm({ operators, masks }: LoadOptions): Promise<Adapter> {
  const known = operators ? [...operators.values()] : operatorDocuments.map(expanded);
  const forms = known.flatMap((operator) => secondForm(operator) ?? []);
  return {
    id: 'second-form',
    title: 'Second forms of the operator documents, each primitive rounded',
    // programs are interpreted
    capabilities: { ...capabilitiesOf(forms), speed: 'slow' },
    open: async () => (masks ? new ProgramKernel(forms, masks) : programKernel(forms)),
  };
}
