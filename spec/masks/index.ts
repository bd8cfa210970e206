import type { MaskSpec } from '../types/documents.js';
import blockCausalDocument from './block-causal-document.json' with { type: 'json' };
import blockSparse from './block-sparse.json' with { type: 'json' };
import causal from './causal.json' with { type: 'json' };
import causalBlockwise from './causal-blockwise.json' with { type: 'json' };
import document from './document.json' with { type: 'json' };
import documentCausal from './document-causal.json' with { type: 'json' };
import full from './full.json' with { type: 'json' };
import globalSlidingWindow from './global-sliding-window.json' with { type: 'json' };
import padding from './padding.json' with { type: 'json' };
import prefixCausal from './prefix-causal.json' with { type: 'json' };
import prefixDocument from './prefix-document.json' with { type: 'json' };
import shareQuestion from './share-question.json' with { type: 'json' };
import slidingWindow from './sliding-window.json' with { type: 'json' };
import star from './star.json' with { type: 'json' };
import variableBlockSparse from './variable-block-sparse.json' with { type: 'json' };

/** The masks of LongCA-bench, padding (MASKS: names and parameters), and star, which stands apart. Held to their schema by a test. */
export const maskDocuments = [
  full,
  causal,
  document,
  documentCausal,
  shareQuestion,
  causalBlockwise,
  prefixCausal,
  prefixDocument,
  slidingWindow,
  globalSlidingWindow,
  blockCausalDocument,
  blockSparse,
  variableBlockSparse,
  padding,
  star,
] as readonly MaskSpec[];
