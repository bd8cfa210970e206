// Generated from spec/operators by `npm run generate`. Do not edit.
import type { Operator } from '../types/documents.js';
import efficientDocument from './linear/efficient.json' with { type: 'json' };
import linearDocument from './linear/linear.json' with { type: 'json' };
import linearCausalDocument from './linear/linear-causal.json' with { type: 'json' };
import linearDecayDocument from './linear/linear-decay.json' with { type: 'json' };
import linearSoftmaxDocument from './linear/linear-softmax.json' with { type: 'json' };
import softmaxDocument from './softmax/softmax.json' with { type: 'json' };
import apbDocument from './sparse/apb.json' with { type: 'json' };
import dilatedDocument from './sparse/dilated.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const operatorDocuments = [
  efficientDocument,
  linearCausalDocument,
  linearDecayDocument,
  linearSoftmaxDocument,
  linearDocument,
  softmaxDocument,
  apbDocument,
  dilatedDocument,
] as unknown as readonly Operator[];
