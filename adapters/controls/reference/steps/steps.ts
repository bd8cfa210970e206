import { delta } from './delta.js';
import { addKeyGradient, addQueryGradient, addValueGradient, scaleKeyGradient, scaleQueryGradient } from './gradients.js';
import { documents } from './packed.js';
import { appendSlot, keySlots } from './paged.js';
import { addAlibi, addBias, cap, defaultScale, keyHead, offset } from './scores.js';
import { addSink, logSumExp, normalise, rescale } from './softmax-row.js';
import { endKey, firstKey, visible } from './visible.js';

/** The steps of softmax attention that the loops call: one can be replaced, and the rest kept. */
export const standardSteps = {
  documents,
  keyHead,
  defaultScale,
  defaultEps: (): number => 1e-6,
  offset,
  visible,
  firstKey,
  endKey,
  cap,
  addAlibi,
  addBias,
  rescale,
  addSink,
  normalise,
  logSumExp,
  delta,
  addValueGradient,
  addQueryGradient,
  addKeyGradient,
  scaleQueryGradient,
  scaleKeyGradient,
  appendSlot,
  keySlots,
};

export type Steps = typeof standardSteps;
