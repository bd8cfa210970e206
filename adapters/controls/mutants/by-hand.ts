import { backwardMutants } from './backward.js';
import { cacheMutants } from './cache/index.js';
import { capturedMutants } from './captured.js';
import { causalMutants } from './causal.js';
import { chosenKeysMutants } from './chosen-keys.js';
import { determinismMutants } from './determinism.js';
import { dilatedMutants } from './dilated.js';
import { dispatchMutants } from './dispatch.js';
import { emptyRowMutants } from './empty-row.js';
import { exploits } from './exploits/index.js';
import { headSharingMutants } from './head-sharing.js';
import { headSizesMutants } from './head-sizes.js';
import type { Mutant } from './lib/mutant.js';
import { limitsMutants } from './limits.js';
import { linearMutants } from './linear.js';
import { longMutants } from './long.js';
import { lseMutants } from './lse.js';
import { maskMutants } from './mask.js';
import { maskedTileMutants } from './masked-tile.js';
import { numericsMutants } from './numerics.js';
import { packedMutants } from './packed.js';
import { poisonMutants } from './poison.js';
import { productionSizesMutants } from './production-sizes.js';
import { readScalesMutants } from './read-scales.js';
import { recurrenceMutants } from './recurrences.js';
import { reuseMutants } from './reuse.js';
import { schemeMutants } from './schemes/index.js';
import { scoreAlgebraMutants } from './score-algebra.js';
import { stridesMutants } from './strides.js';
import { tailsMutants } from './tails.js';
import { windowMutants } from './window.js';
import { writtenCodesMutants } from './written-codes.js';

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
