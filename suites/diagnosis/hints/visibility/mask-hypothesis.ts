import type { CompiledMask } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Hypothesis } from '../../../contract/diagnosis.js';

/** Hypothesis that a query sees other keys than the mask shows. */
export interface MaskHypothesis extends Hypothesis {
  visible(b: number, h: number, i: number, j: number): boolean;
  /** Other positions of queries among their keys; these change ALiBi too. */
  readonly segmentOf?: CompiledMask['segmentOf'];
}

/** Numbers of keys or queries that kernels process together. */
export const tileSizes = [8, 16, 32, 64, 128];
