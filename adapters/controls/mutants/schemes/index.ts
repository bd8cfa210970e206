import type { Mutant } from '../lib/mutant.js';
import { apbMutants, starMutants } from './apb.js';
import { byDocumentMutants } from './by-document.js';
import { carriedStateMutants } from './carried-states.js';
import { headGroupMutants } from './head-groups.js';
import { jointMutants } from './joint.js';
import { keyGradientMutants } from './key-gradients.js';
import { layerMutants } from './layers.js';
import { longnetMutants } from './longnet.js';
import { maskMutantsOfSchemes } from './masks.js';
import { bytesMutants, messageMutants } from './messages.js';
import { ringMergeMutants } from './ring-merge.js';
import { ringOrderMutants } from './ring-order.js';
import { shardLayoutMutants } from './shard-layout.js';
import { stateMutants } from './states.js';

/** Schemes with a correct kernel and one deliberate fault between ranks. */
export const schemeMutants: readonly Mutant[] = [
  ...ringOrderMutants,
  ...ringMergeMutants,
  ...keyGradientMutants,
  ...maskMutantsOfSchemes,
  ...shardLayoutMutants,
  ...headGroupMutants,
  ...messageMutants,
  ...bytesMutants,
  ...byDocumentMutants,
  ...starMutants,
  ...longnetMutants,
  ...apbMutants,
  ...stateMutants,
  ...carriedStateMutants,
  ...jointMutants,
  ...layerMutants,
];
