import type { SpecLibrary } from '../../spec/library.js';
import { compileMask } from '../../spec/mask/compile.js';
import { flopsPerCell } from '../../spec/mask/flops.js';
import { maskDialect } from '../../spec/mask/mask-dialect.js';
import type { Case } from '../../spec/types/documents.js';

/** Floating-point operations of a call of softmax, by its exact visible cells over heads and batch entries. */
export function flopsOf(library: SpecLibrary, c: Case, pass: 'forward' | 'backward'): number {
  const { b, hk, g, m, n, d, e } = c.dims;
  const cells = compileMask(library, c.mask, { b, heads: hk * g, m, n, ...maskDialect(c) }).area();
  return cells * flopsPerCell(d, e)[pass];
}
