import { wholeDocuments } from '../../../spec/claims/whole-documents.js';
import { listedMasks } from '../../../spec/operator/facts.js';
import { keepsCache } from '../../../spec/operator/locality.js';
import type { Capabilities, Limits, Operator } from '../../../spec/types/documents.js';

/** Sizes for which a program is evaluated in time: its terms may have an element for every pair of tokens and of channels. */
const limits: Limits = { m: { max: 96 }, n: { max: 96 }, d: { max: 24 }, e: { max: 24 } };

/** Claims of a kernel that evaluates programs: all that their documents define, computed in f32. Masks that none of them lists come dense. */
export function capabilitiesOf(operators: readonly Operator[]): Capabilities {
  return {
    ...wholeDocuments(operators),
    dtypes: ['f32', 'f16', 'bf16'],
    masks: [...new Set(['full', ...operators.flatMap((operator) => listedMasks(operator) ?? [])])],
    denseMask: 'boolean',
    limits,
    strided: true,
    deterministic: { forward: true, backward: true },
    batchInvariant: true,
    ...(operators.some(keepsCache) && { pages: { sizes: [4, 1], append: true } }),
    numeric: { accumulate: 'f32' },
  };
}
