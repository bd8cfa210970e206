import type { CompiledMask } from '../../../../spec/mask/compiled-mask.js';
import type { Explanation } from '../diagnosis.js';

/** What a query may see in place of what the mask shows it. */
export interface MaskHypothesis extends Explanation {
  visible(b: number, h: number, i: number, j: number): boolean;
  /** Where queries stand elsewhere among their keys, which is more than what they see: ALiBi goes by it too. */
  readonly segmentOf?: CompiledMask['segmentOf'];
}

/** Keys or queries that kernels treat together. */
export const tileSizes = [8, 16, 32, 64, 128];
