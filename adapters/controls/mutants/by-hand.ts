import { backwardMutants } from './backward.js';
import { cacheMutants } from './cache/index.js';
import { chosenKeysMutants } from './chosen-keys.js';
import { readScalesMutants } from './codes.js';
import { determinismMutants } from './determinism.js';
import { dilatedMutants } from './dilated.js';
import { dispatchMutants } from './dispatch.js';
import { emptyRowMutants } from './empty-row.js';
import { calls } from './exploits/calls.js';
import { recall } from './exploits/recall.js';
import { shortcuts } from './exploits/shortcuts.js';
import { headSharingMutants, headSizesMutants } from './heads.js';
import type { Mutant } from './lib/mutant.js';
import { linearMutants } from './linear.js';
import { longMutants } from './long.js';
import { lseMutants } from './lse.js';
import { maskedTileMutants } from './masked-tile.js';
import { numericsMutants } from './numerics.js';
import { packedMutants } from './packed.js';
import { poisonMutants } from './poison.js';
import { limitsMutants, productionSizesMutants } from './production-sizes.js';
import { recurrenceMutants } from './recurrences.js';
import { capturedMutants, reuseMutants } from './reuse.js';
import { schemeMutants } from './schemes/index.js';
import { scoreAlgebraMutants } from './score-algebra.js';
import { stridesMutants } from './strides.js';
import { tailsMutants } from './tails.js';
import { causalMutants, maskMutants, windowMutants } from './visibility.js';
import { writtenCodesMutants } from './written-codes.js';

/** Kernels made to pass a checker instead of being correct. */
const exploits: readonly Mutant[] = [...recall, ...calls, ...shortcuts];

/** Handwritten mutants, listed before the mutants of documents. */
export const firstByHand: readonly Mutant[] = [
  ...emptyRowMutants,
  ...maskedTileMutants,
  ...poisonMutants,
  ...causalMutants,
  ...windowMutants,
  ...maskMutants,
  ...stridesMutants,
  ...tailsMutants,
  ...headSizesMutants,
  ...headSharingMutants,
  ...scoreAlgebraMutants,
  ...lseMutants,
  ...numericsMutants,
  ...cacheMutants,
  ...packedMutants,
  ...limitsMutants,
  ...productionSizesMutants,
  ...longMutants,
  ...backwardMutants,
  ...determinismMutants,
  ...dispatchMutants,
  ...capturedMutants,
  ...reuseMutants,
  ...linearMutants,
  ...dilatedMutants,
  ...schemeMutants,
  ...exploits,
];

/** Handwritten mutants, listed after the mutants of documents. */
export const lastByHand: readonly Mutant[] = [...recurrenceMutants, ...chosenKeysMutants, ...writtenCodesMutants, ...readScalesMutants];
