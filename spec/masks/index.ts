// Generated from spec/masks by `npm run generate`. Do not edit.
import type { MaskSpec } from '../types/documents.js';
import blockCausalDocumentDocument from './block-causal-document.json' with { type: 'json' };
import blockSparseDocument from './block-sparse.json' with { type: 'json' };
import causalDocument from './causal.json' with { type: 'json' };
import causalBlockwiseDocument from './causal-blockwise.json' with { type: 'json' };
import cellsDocument from './cells.json' with { type: 'json' };
import chunkCausalDocument from './chunk-causal.json' with { type: 'json' };
import chunkHaloDocument from './chunk-halo.json' with { type: 'json' };
import documentDocument from './document.json' with { type: 'json' };
import documentCausalDocument from './document-causal.json' with { type: 'json' };
import framesDocument from './frames.json' with { type: 'json' };
import fullDocument from './full.json' with { type: 'json' };
import globalSlidingWindowDocument from './global-sliding-window.json' with { type: 'json' };
import gridSubsampleDocument from './grid-subsample.json' with { type: 'json' };
import isolationDocument from './isolation.json' with { type: 'json' };
import neighborhoodDocument from './neighborhood.json' with { type: 'json' };
import neighborhood2dDocument from './neighborhood-2d.json' with { type: 'json' };
import neighborhood3dDocument from './neighborhood-3d.json' with { type: 'json' };
import paddingDocument from './padding.json' with { type: 'json' };
import prefixCausalDocument from './prefix-causal.json' with { type: 'json' };
import prefixDocumentDocument from './prefix-document.json' with { type: 'json' };
import radialDocument from './radial.json' with { type: 'json' };
import shareQuestionDocument from './share-question.json' with { type: 'json' };
import sinkTokensDocument from './sink-tokens.json' with { type: 'json' };
import slidingWindowDocument from './sliding-window.json' with { type: 'json' };
import starDocument from './star.json' with { type: 'json' };
import stridedBlocksDocument from './strided-blocks.json' with { type: 'json' };
import variableBlockSparseDocument from './variable-block-sparse.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const maskDocuments = [
  blockCausalDocumentDocument,
  blockSparseDocument,
  causalBlockwiseDocument,
  causalDocument,
  cellsDocument,
  chunkCausalDocument,
  chunkHaloDocument,
  documentCausalDocument,
  documentDocument,
  framesDocument,
  fullDocument,
  globalSlidingWindowDocument,
  gridSubsampleDocument,
  isolationDocument,
  neighborhood2dDocument,
  neighborhood3dDocument,
  neighborhoodDocument,
  paddingDocument,
  prefixCausalDocument,
  prefixDocumentDocument,
  radialDocument,
  shareQuestionDocument,
  sinkTokensDocument,
  slidingWindowDocument,
  starDocument,
  stridedBlocksDocument,
  variableBlockSparseDocument,
] as unknown as readonly MaskSpec[];
