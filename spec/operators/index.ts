// Generated from spec/operators by `npm run generate`. Do not edit.
import type { Operator } from '../types/documents.js';
import mlaDocument from './cache/mla.json' with { type: 'json' };
import abcDocument from './linear/abc.json' with { type: 'json' };
import agentDocument from './linear/agent.json' with { type: 'json' };
import diagAttentionDocument from './linear/diag-attention.json' with { type: 'json' };
import efficientDocument from './linear/efficient.json' with { type: 'json' };
import fastmax1Document from './linear/fastmax-1.json' with { type: 'json' };
import fastmax2Document from './linear/fastmax-2.json' with { type: 'json' };
import linearDocument from './linear/linear.json' with { type: 'json' };
import linearCausalDocument from './linear/linear-causal.json' with { type: 'json' };
import linearDecayDocument from './linear/linear-decay.json' with { type: 'json' };
import linearSoftmaxDocument from './linear/linear-softmax.json' with { type: 'json' };
import linformerDocument from './linear/linformer.json' with { type: 'json' };
import normAttentionDocument from './linear/norm-attention.json' with { type: 'json' };
import retentionDocument from './linear/retention.json' with { type: 'json' };
import contextBroadcastingDocument from './mixers/context-broadcasting.json' with { type: 'json' };
import positionalAttentionDocument from './positions/positional-attention.json' with { type: 'json' };
import softmaxDocument from './softmax/softmax.json' with { type: 'json' };
import apbDocument from './sparse/apb.json' with { type: 'json' };
import dilatedDocument from './sparse/dilated.json' with { type: 'json' };
import fixedWeightsDocument from './variants/fixed-weights.json' with { type: 'json' };
import staticAttentionDocument from './variants/static-attention.json' with { type: 'json' };
import uniformCausalDocument from './variants/uniform-causal.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const operatorDocuments = [
  mlaDocument,
  abcDocument,
  agentDocument,
  diagAttentionDocument,
  efficientDocument,
  fastmax1Document,
  fastmax2Document,
  linearCausalDocument,
  linearDecayDocument,
  linearSoftmaxDocument,
  linearDocument,
  linformerDocument,
  normAttentionDocument,
  retentionDocument,
  contextBroadcastingDocument,
  positionalAttentionDocument,
  softmaxDocument,
  apbDocument,
  dilatedDocument,
  fixedWeightsDocument,
  staticAttentionDocument,
  uniformCausalDocument,
] as unknown as readonly Operator[];
