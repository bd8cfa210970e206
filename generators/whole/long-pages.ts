import type { Random } from 'fast-check';
import { keepsCache } from '../../spec/operator/locality.js';
import type { Case, Operation, Operator } from '../../spec/types/documents.js';
import type { CaseSpace, MaskRule } from '../lib/case-space.js';
import { chance } from '../lib/random.js';
import { BATCH } from '../mask/rules.js';

/** Draws whether the keys of a long decoding step lie in pages, and the page size. */
export function drawLongPages(random: Random, flat: Record<string, number>): void {
  flat.cached = chance(random, 1, 2) ? 1 : 0;
  flat.cache = random.nextInt(0, 255);
}

/**
 * History of one long sequence in permuted pages, ending in the queries; undefined if pages are not
 * claimed, or not defined for the case.
 */
export function longPagesOf(
  { request: { dtype, scheme }, capabilities: { pages, layouts } }: Pick<CaseSpace, 'request' | 'capabilities'>,
  operator: Operator,
  flat: Readonly<Record<string, number>>,
  { named, square, tables, axes }: MaskRule,
  { dims: { b, m, n }, values: { seed } }: Case,
): Operation[] | undefined {
  const sizes = [...(pages?.sizes ?? [])].sort((x, y) => x - y);
  if (flat.cached === 0 || sizes.length === 0 || scheme !== undefined || !keepsCache(operator) || !layouts.includes('bhld'))
    return undefined;
  // fp8 has a scale per batch entry, and pages belong to no batch entry
  if (b !== 1 || m >= n || !named || square || tables || (axes & BATCH) !== 0 || dtype.startsWith('f8')) return undefined;
  const append = (tokens: number): Operation => ({ op: 'append', sequences: [0], tokens });
  return [{ op: 'create', page: sizes[flat.cache % sizes.length] }, append(n - m), { op: 'permute', seed: seed % 256 }, append(m)];
}
