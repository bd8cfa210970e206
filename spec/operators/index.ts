// Generated from spec/operators by `npm run generate`. Do not edit.
import type { Operator } from '../types/documents.js';
import apbDocument from './apb.json' with { type: 'json' };
import dilatedDocument from './dilated.json' with { type: 'json' };
import efficientDocument from './efficient.json' with { type: 'json' };
import linearDocument from './linear.json' with { type: 'json' };
import linearCausalDocument from './linear-causal.json' with { type: 'json' };
import linearDecayDocument from './linear-decay.json' with { type: 'json' };
import linearSoftmaxDocument from './linear-softmax.json' with { type: 'json' };
import softmaxDocument from './softmax.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const operatorDocuments = [
  apbDocument,
  dilatedDocument,
  efficientDocument,
  linearCausalDocument,
  linearDecayDocument,
  linearSoftmaxDocument,
  linearDocument,
  softmaxDocument,
] as unknown as readonly Operator[];
