import { allKeys } from './lib/hidden-keys.js';
import { mutantsOf } from './lib/mutant.js';

export const poisonMutants = mutantsOf('Poison', [
  {
    id: 'hidden-values-weighed',
    title: 'hidden values are multiplied by 0 instead of being left out',
    imitates: 'https://github.com/pytorch/pytorch/issues/101967',
    fault: { forward: allKeys({ zeroWeights: 'weigh' }) },
  },
  {
    id: 'mask-added-to-scores',
    title: 'the mask is added to the score: NaN and +∞ stay',
    imitates: "ONNX Runtime's CPU Attention adds the mask to a score that has left float16's range (adapters/FINDINGS.md)",
    fault: { forward: allKeys({ hide: (score) => score - Infinity }) },
  },
  {
    id: 'hidden-keys-in-maximum',
    title: 'the maximum is taken before the mask is applied',
    imitates: 'https://github.com/flashinfer-ai/flashinfer/pull/4401',
    fault: { forward: allKeys({ maximum: (_, ofAll) => ofAll }) },
  },
  {
    id: 'hidden-keys-in-rounding',
    title: 'the maximum counts hidden scores, as far as ¼ above the visible ones: hidden keys change the rounding of the output',
    imitates: 'a running maximum over whole tiles, kept near the visible scores so that nothing underflows',
    alone: 'non-interference',
    fault: {
      forward: allKeys({
        // only at a new maximum, or else each tile would add another quarter
        maximum: (ofVisible, ofAll, before) => (ofVisible <= before ? before : Math.min(ofAll, ofVisible + 0.25)),
      }),
    },
  },
  {
    id: 'leaks-declared',
    title: 'declares that a hidden NaN reaches the output, but shields the output from it',
    imitates: 'a declaration copied from another backend, which makes the suite ignore leaks',
    alone: 'dialect',
    dialect: { maskedNaN: 'leaks' },
    fault: {},
  },
  {
    id: 'hidden-keys-read',
    title: 'hidden keys are read and scored, then replaced by −∞',
    imitates: 'kernels that apply a mask to scores, with a select',
    equivalent: 'the select discards the hidden scores, and no result depends on them',
    fault: { forward: allKeys({}) },
  },
]);
