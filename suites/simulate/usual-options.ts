import type { Case } from '../../spec/types/documents.js';
import type { Combination } from './request.js';

/** The first segment of LongNet's branches (https://arxiv.org/abs/2307.02486, section 4.1). */
const SEGMENT = 2048;

/**
 * Options of operators whose defaults are for small cases. APB cuts the tokens evenly (https://arxiv.org/abs/2502.12085); that a block has an
 * anchor of a quarter of its length, and passes on an eighth of its keys, is assumed.
 */
export function usualOptions(operator: string, { ranks, tokens }: Combination): Case['options'] {
  if (operator === 'dilated') return { segment: Math.min(SEGMENT, tokens) };
  if (operator !== 'apb') return {};
  const block = Math.ceil(tokens / ranks);
  return { block, anchor: Math.max(1, Math.floor(block / 4)), top: Math.max(1, Math.floor(block / 8)) };
}
