import type { CompiledMask } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Hypothesis } from '../../../contract/diagnosis.js';

/** Hypothesis about the keys that a query sees instead of those that the mask shows it. */
export interface MaskHypothesis extends Hypothesis {
  visible(b: number, h: number, i: number, j: number): boolean;
  /** Segments in which queries have other positions among their keys. These change ALiBi too, not only which keys are visible. */
  readonly segmentOf?: CompiledMask['segmentOf'];
}

/** Numbers of keys or queries that kernels process together. */
export const tileSizes = [8, 16, 32, 64, 128];
