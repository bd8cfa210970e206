import { fullDialect } from '../../../spec/dialect.js';
import { createLibrary } from '../../../spec/library.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { printMask } from '../../../spec/mask/print/print.js';
import type { Case } from '../../../spec/types/documents.js';
import { maskLevel } from '../picture-levels.js';
import type { Picture } from '../site-data.js';
import { drawGrid } from './grid.js';

const mostCells = 2 ** 22;
const library = createLibrary();

/** Draws the keys that each query should see; undefined if the mask is unknown or too large. */
export function maskPicture(c: Case, b: number, h: number): Picture | undefined {
  const mask = compiled(c);
  if (!mask || mask.m * mask.n > mostCells || b >= mask.b || h >= mask.heads) return undefined;
  const visibleIn = (top: number, bottom: number, left: number, right: number) => {
    let count = 0;
    for (let i = top; i < bottom; i++) for (let j = left; j < right; j++) if (mask.visible(b, h, i, j)) count++;
    return maskLevel(count / ((bottom - top) * (right - left)));
  };
  return {
    kind: 'mask',
    title: `Mask expected: ${printMask(c.mask)}`,
    down: 'query',
    across: 'key',
    ...drawGrid(mask.m, mask.n, visibleIn),
  };
}

function compiled({ dims, mask, dialect }: Case): CompiledMask | undefined {
  const { causal, window } = fullDialect(dialect);
  try {
    return compileMask(library, mask, { b: dims.b, heads: dims.hk * dims.g, m: dims.m, n: dims.n, causal, window });
  } catch {
    // a user's mask, or an operator with other axes
    return undefined;
  }
}
