import { wholeDocuments } from '../../../spec/claims/whole-documents.js';
import { listedMasks } from '../../../spec/operator/facts.js';
import { keepsCache } from '../../../spec/operator/locality.js';
import type { Capabilities, Limits, Operator } from '../../../spec/types/documents.js';

/** Sizes that are evaluated in time: terms may have an element per pair of tokens and channels. */
const limits: Limits = { m: { max: 96 }, n: { max: 96 }, d: { max: 24 }, e: { max: 24 } };

/** Claims everything that the documents define, in f32; unlisted masks come as dense masks. */
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
