// Generated from spec/program/macros by `npm run generate`. Do not edit.
import type { Macro } from '../../types/documents.js';
import clampDocument from './clamp.json' with { type: 'json' };
import geluDocument from './gelu.json' with { type: 'json' };
import geluErfDocument from './gelu-erf.json' with { type: 'json' };
import l2NormDocument from './l2-norm.json' with { type: 'json' };
import layerNormDocument from './layer-norm.json' with { type: 'json' };
import reluDocument from './relu.json' with { type: 'json' };
import rmsNormDocument from './rms-norm.json' with { type: 'json' };
import sigmoidDocument from './sigmoid.json' with { type: 'json' };
import siluDocument from './silu.json' with { type: 'json' };
import softplusDocument from './softplus.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const macroDocuments = [
  clampDocument,
  geluErfDocument,
  geluDocument,
  l2NormDocument,
  layerNormDocument,
  reluDocument,
  rmsNormDocument,
  sigmoidDocument,
  siluDocument,
  softplusDocument,
] as unknown as readonly Macro[];
