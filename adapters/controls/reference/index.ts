import type { Adapter } from '../../adapter.js';
import { float32Fused } from './arithmetic/float32-fused.js';
import { float32Separate } from './arithmetic/float32-separate.js';
import { onlineCapabilities, plainCapabilities } from './capabilities.js';
import { createKernel } from './kernel.js';
import { online } from './softmax/online.js';
import { plain } from './softmax/plain.js';
import { standardSteps } from './steps/steps.js';

/** Online softmax over tiles of keys, fused multiply-add; masks by name or boolean. */
export const reference: Adapter = {
  id: 'reference',
  title: 'Reference loops, online softmax',
  capabilities: onlineCapabilities,
  open: async () => createKernel({ forward: online, steps: standardSteps, float32: float32Fused, masks: onlineCapabilities.masks ?? [] }),
};

/** Softmax of whole rows, every operation rounded; masks as a bias. */
export const referencePlain: Adapter = {
  id: 'reference-plain',
  title: 'Reference loops, unfused',
  capabilities: plainCapabilities,
  open: async () => createKernel({ forward: plain, steps: standardSteps, float32: float32Separate, masks: plainCapabilities.masks ?? [] }),
};
