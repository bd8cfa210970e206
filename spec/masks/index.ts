// Generated from spec/masks by `npm run generate`. Do not edit.
import type { MaskSpec } from '../types/documents.js';
import blockCausalDocumentDocument from './block-causal-document.json' with { type: 'json' };
import blockSparseDocument from './block-sparse.json' with { type: 'json' };
import causalDocument from './causal.json' with { type: 'json' };
import causalBlockwiseDocument from './causal-blockwise.json' with { type: 'json' };
import documentDocument from './document.json' with { type: 'json' };
import documentCausalDocument from './document-causal.json' with { type: 'json' };
import fullDocument from './full.json' with { type: 'json' };
import globalSlidingWindowDocument from './global-sliding-window.json' with { type: 'json' };
import paddingDocument from './padding.json' with { type: 'json' };
import prefixCausalDocument from './prefix-causal.json' with { type: 'json' };
import prefixDocumentDocument from './prefix-document.json' with { type: 'json' };
import shareQuestionDocument from './share-question.json' with { type: 'json' };
import slidingWindowDocument from './sliding-window.json' with { type: 'json' };
import starDocument from './star.json' with { type: 'json' };
import variableBlockSparseDocument from './variable-block-sparse.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const maskDocuments = [
  blockCausalDocumentDocument,
  blockSparseDocument,
  causalBlockwiseDocument,
  causalDocument,
  documentCausalDocument,
  documentDocument,
  fullDocument,
  globalSlidingWindowDocument,
  paddingDocument,
  prefixCausalDocument,
  prefixDocumentDocument,
  shareQuestionDocument,
  slidingWindowDocument,
  starDocument,
  variableBlockSparseDocument,
] as unknown as readonly MaskSpec[];
