import type { Case } from '../types/documents.js';
import type { MaskProblem } from './compile/compiled-mask.js';

/** Mask conventions of a case's dialect, with defaults. */
export function maskDialect({ dialect }: Pick<Case, 'dialect'>): Pick<MaskProblem, 'causal' | 'window'> {
  return { causal: dialect?.causal ?? 'bottom-right', window: dialect?.window ?? 'inclusive' };
}
