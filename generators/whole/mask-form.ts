import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { Claims } from '../../spec/claims/claims.js';
import { denseSizes } from '../../spec/claims/dense-shapes.js';
import { hashOf } from '../../spec/lib/hash.js';
import { compileMask } from '../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { maskDialect } from '../../spec/mask/mask-dialect.js';
import { type DenseShape, fitsShape } from '../../spec/mask/views/dense.js';
import { flipCell } from '../../spec/mask/views/flip.js';
import { sliceMask } from '../../spec/mask/views/slice.js';
import { listedMasks } from '../../spec/operator/facts.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import { isPaged, pagedMask } from '../history/pages.js';
import { packedMask } from '../packed/mask.js';
import { wholeDims } from '../values/inputs.js';
import { flippedCell, flipsMask } from '../values/transform.js';

/** Masks of the whole problem and of the case, which may be a block of it. */
export function masksOf(library: SpecLibrary, c: Case): { whole: CompiledMask; own: CompiledMask } {
  if (c.packed) {
    const packed = packedMask(library, c, c.packed);
    return { whole: packed, own: packed };
  }
  if (isPaged(c)) {
    const paged = pagedMask(library, c);
    return { whole: paged, own: paged };
  }
  const { b, heads, m, n } = wholeDims(c);
  const named = compileMask(library, c.block?.of ?? c.mask, { b, heads, m, n, ...maskDialect(c) });
  const whole = flipsMask(c) ? flipCell(named, ...flippedCell(c, m, n)) : named;
  return { whole, own: c.block ? sliceMask(whole, c.block.queries, c.block.keys) : whole };
}

/** Form in which a mask reaches the kernel: by name, or dense in a claimed shape. */
export type MaskForm = { readonly by: 'name' } | { readonly by: 'boolean' | 'additive'; readonly shape: DenseShape };

export function maskForm(claims: Claims, c: Case, mask: CompiledMask): MaskForm | undefined {
  const { capabilities } = claims;
  const flipped = flipsMask(c);
  const name = 'name' in c.mask && !flipped ? c.mask.name : undefined;
  // an operator that lists its masks has them built in
  if (listedMasks(claims.operator(c.operator) as Operator)) return flipped ? undefined : { by: 'name' };
  if (name === 'full' && capabilities.masks.includes('full')) return { by: 'name' };
  // dense masks are undefined for packed documents and pages
  if ((c.packed || isPaged(c)) && !(name !== undefined && capabilities.masks.includes(name))) return undefined;
  if (name !== undefined && !c.block && capabilities.masks.includes(name)) return { by: 'name' };
  if (capabilities.denseMask === false) return undefined;
  const shapes = denseShapes(c, capabilities).filter((shape) => fitsShape(mask, shape));
  if (shapes.length === 0) return undefined;
  const by = capabilities.denseMask === 'both' ? (hashOf(c.values.seed, 5) % 2 ? 'boolean' : 'additive') : capabilities.denseMask;
  if (by === 'boolean' || c.options.bias !== true) return { by, shape: pick(shapes, c) };
  // a mask added to a bias has the bias's shape
  const shape = biasForm(c, capabilities);
  return fitsShape(mask, shape) ? { by, shape } : undefined;
}

/** Shape [b or 1, hk·g or 1, m or 1, n] of the case's bias; the same for a block and its whole. */
export function biasShape(c: Case, capabilities: FullCapabilities): number[] {
  const { b, heads, m, n } = wholeDims(c);
  const shape = biasForm(c, capabilities);
  return [shape.b === 1 ? 1 : b, shape.heads === 1 ? 1 : heads, shape.m === 1 ? 1 : m, n];
}

/** Any claimed shape; if masks are added to the bias, the largest. */
function biasForm(c: Case, capabilities: FullCapabilities): DenseShape {
  const shapes = denseShapes(c, capabilities);
  if (capabilities.denseMask === 'boolean' || capabilities.denseMask === false) return pick(shapes, c);
  return shapes.reduce((best, s) => (s.b * s.heads * s.m > best.b * best.heads * best.m ? s : best));
}

function denseShapes(c: Case, capabilities: FullCapabilities): DenseShape[] {
  const { b, hk, g, m } = c.dims;
  return denseSizes(capabilities.denseMaskShapes, { b, heads: hk * g, m });
}

function pick<T>(choices: readonly T[], c: Case): T {
  return choices[hashOf(c.values.seed, 6) % choices.length];
}
