import type { SpecLibrary } from '../../spec/library.js';
import { compileMask } from '../../spec/mask/compile.js';
import { maskDialect } from '../../spec/mask/mask-dialect.js';
import type { Case } from '../../spec/types/documents.js';

/**
 * Floating-point operations of a call of softmax, by its exact visible cells over heads and batch entries: forward 2·area·(d + e), backward
 * 2·area·(3d + 2e), which is 2.5 times as much where e = d (MASKS).
 */
export function flopsOf(library: SpecLibrary, c: Case, pass: 'forward' | 'backward'): number {
  const { b, hk, g, m, n, d, e } = c.dims;
  const area = compileMask(library, c.mask, { b, heads: hk * g, m, n, ...maskDialect(c) }).area();
  return 2 * area * (pass === 'forward' ? d + e : 3 * d + 2 * e);
}
