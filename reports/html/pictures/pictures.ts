import { fullDialect } from '../../../spec/dialect.js';
import { createLibrary } from '../../../spec/library.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { printMask } from '../../../spec/mask/print/print.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case, CheckResult, FailureSummary } from '../../../spec/types/documents.js';
import { segmentsOf } from '../../result/result.js';
import { maskLevel } from '../picture-levels.js';
import type { Picture } from '../site-data.js';
import { type ComparedOutputs, errorPicture } from './error-picture.js';
import { drawGrid } from './grid.js';
import { readoutPicture } from './readout-picture.js';

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

/** Draws expected mask, readout by `visibility` and error of one head; no packed sequences. */
export function picturesOf(check: CheckResult, failure: FailureSummary, inputs: Tensors, answer: ComparedOutputs | undefined): Picture[] {
  const { case: c, output, index = [] } = failure;
  if (c.layout === 'thd') return [];
  const [b = 0, head = 0] = index;
  // dk and dv are indexed by key head
  const h = output !== undefined && /^d[kv]$/.test(output) ? head * c.dims.g : head;
  const readout = answer && segmentsOf(check.id).property === 'visibility' ? readoutPicture(c, inputs, answer.actual, b, h) : undefined;
  const error = answer && output !== undefined ? errorPicture(c, answer, output, b, head) : undefined;
  return [maskPicture(c, b, h), readout, error].filter((picture) => picture !== undefined);
}
