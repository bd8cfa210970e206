import type { Operator } from '../types/documents.js';
import apb from './apb.json' with { type: 'json' };
import dilated from './dilated.json' with { type: 'json' };
import efficient from './efficient.json' with { type: 'json' };
import linear from './linear.json' with { type: 'json' };
import linearCausal from './linear-causal.json' with { type: 'json' };
import linearDecay from './linear-decay.json' with { type: 'json' };
import linearSoftmax from './linear-softmax.json' with { type: 'json' };
import softmax from './softmax.json' with { type: 'json' };

/** The operators of this version; each is held to its schema and its meaning by the tests. */
export const operatorDocuments = [
  softmax,
  linear,
  linearCausal,
  linearDecay,
  efficient,
  dilated,
  apb,
  linearSoftmax,
] as unknown as readonly Operator[];
