import type { SpecLibrary } from '../../spec-library.js';
import type { Tensors } from '../../tensor/tensor.js';
import type { Mask } from '../../types/documents.js';
import { areaOf } from './area.js';
import type { CompiledMask, MaskProblem } from './compiled-mask.js';
import { type Frame, reads } from './frame.js';
import { compileNamed, type MaskContext } from './named.js';
import { every, negation, perHead, some } from './row-predicate.js';
import type { RowPredicate } from './run-list.js';

/**
 * Compiles a mask for given sizes; a named mask has tables.
 * @param path of the mask in `document`.
 * @throws {DocumentError} for an unknown mask, a wrong parameter, or a needed m = n.
 */
export function compileMask(
  library: Pick<SpecLibrary, 'masks'>,
  mask: Mask,
  problem: MaskProblem,
  document = 'case',
  path = '$.mask',
): CompiledMask {
  const { b, heads, m, n } = problem;
  const frame: Frame = { b: 0, h: 0, i: 0, j: 0 };
  const { predicate, tables } = compilePart({ library, problem, frame, document }, mask, path);
  const at = (batch: number, head: number, query: number) => {
    frame.b = batch;
    frame.h = head;
    frame.i = query;
  };
  const perRow = (predicate.reads & reads.i) !== 0;
  const compiled: CompiledMask = {
    b,
    heads,
    m,
    n,
    perBatch: b > 1 && (predicate.reads & reads.b) !== 0,
    perHead: heads > 1 && (predicate.reads & reads.h) !== 0,
    visible(batch, head, query, key) {
      at(batch, head, query);
      frame.j = key;
      return predicate.test();
    },
    runs(batch, head, query, out) {
      at(batch, head, query);
      return predicate.runs(out);
    },
    scans: () => predicate.scans(),
    area: () => areaOf(compiled, perRow),
    tables,
  };
  return compiled;
}

function compilePart(context: MaskContext, mask: Mask, path: string): { predicate: RowPredicate; tables: Tensors } {
  if ('name' in mask) return compileNamed(context, mask, path);
  const parts = (masks: readonly Mask[], key: string) =>
    masks.map((part, x) => compilePart(context, part, `${path}.${key}[${x}]`).predicate);
  const composed = (predicate: RowPredicate) => ({ predicate, tables: {} });
  const { n } = context.problem;
  if ('and' in mask) return composed(every(parts(mask.and, 'and'), n));
  if ('or' in mask) return composed(some(parts(mask.or, 'or'), n));
  if ('not' in mask) return composed(negation(compilePart(context, mask.not, `${path}.not`).predicate, n));
  return composed(perHead(parts(mask.heads, 'heads'), context.frame));
}
