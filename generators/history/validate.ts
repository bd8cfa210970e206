import { DocumentError } from '../../spec/lib/documents.js';
import { shapeOfAxes } from '../../spec/operator/layout.js';
import { axesOfToken, cachedInputs, queryInputs } from '../../spec/operator/token-inputs.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, Operation, Operator } from '../../spec/types/documents.js';
import type { AppendCall } from './cache.js';
import { type HistoryCase, hasHistory } from './inputs.js';
import { pageOf, play, sizesOf } from './play.js';
import { isReuse, type ReuseCase } from './reuse.js';

/** Most slots that a history may take, and most elements of all its tokens. */
const SLOTS = 2 ** 21;
const ELEMENTS = 2 ** 28;

/** Checks a case's history. @throws {DocumentError} at its first fault. */
export function checkHistory(library: SpecLibrary, c: Case, document: string): void {
  if (isReuse(c)) checkSchedule(c, document);
  if (!hasHistory(c)) return;
  const call = played(library, c, document);
  for (const [axis, size] of Object.entries(sizesOf(call))) {
    if (c.dims[axis] !== size)
      throw new DocumentError(
        document,
        `$.dims.${axis}`,
        `found ${c.dims[axis]}, must be ${size}, the size after the last operation of the history`,
      );
  }
  if (c.layout === 'thd') throw new DocumentError(document, '$.layout', 'found "thd", which is not allowed in a case with a history');
  for (const key of ['views', 'split', 'block'] as const)
    if (c[key]) throw new DocumentError(document, `$.${key}`, 'must be absent in a case with a history');
  if (pageOf(c.history) > 0) checkPages(library, c, document);
  else if (call.entries.some(({ sequence }) => sequence.length !== c.dims.n)) {
    throw new DocumentError(document, '$.history', 'all sequences of a contiguous cache must have the same length');
  }
}

function checkSchedule(c: ReuseCase, document: string): void {
  const { length } = c.history as readonly Operation[];
  if (length > 1)
    throw new DocumentError(document, '$.history', `found ${length} operations, must be one: a schedule of reuse has no cache`);
  const [{ lo, hi }] = c.history;
  if (lo > hi) throw new DocumentError(document, '$.history[0].lo', `found ${lo}, must not be above hi = ${hi}`);
  for (const key of ['split', 'block', 'parallel'] as const)
    if (c[key]) throw new DocumentError(document, `$.${key}`, 'must be absent in a case with a schedule of reuse');
}

function played(library: SpecLibrary, c: HistoryCase, document: string): AppendCall {
  const refuse = (problem: string): never => {
    throw new DocumentError(document, '$.history', problem);
  };
  const page = pageOf(c.history) || 1;
  // each sequence of a call may leave a partly filled page and copy one
  const slots = c.history.reduce((sum, o) => sum + (o.op === 'append' ? o.sequences.length * (o.tokens + 2 * page) : page), page);
  if (slots > SLOTS) refuse(`these operations may take ${slots} slots, allowed: ${SLOTS}`);
  const elements = slots * elementsOfToken(library, c);
  if (elements > ELEMENTS) refuse(`these operations may have ${elements} elements, allowed: ${ELEMENTS}`);
  try {
    return play(c.history);
  } catch (error) {
    if (error instanceof RangeError) return refuse(error.message);
    throw error;
  }
}

function elementsOfToken({ operators }: SpecLibrary, c: Case): number {
  const operator = operators.get(c.operator) as Operator;
  return [...queryInputs(operator), ...cachedInputs(operator)]
    .map((name) => sizeOf(shapeOfAxes(axesOfToken(operator, name), c)))
    .reduce((sum, size) => sum + size, 0);
}

/** Checks that the mask of a paged call can travel by name: pages have no dense tensors. */
function checkPages(library: SpecLibrary, c: HistoryCase, document: string): void {
  const spec = 'name' in c.mask ? library.masks.get(c.mask.name) : undefined;
  if (!spec || spec.tables || spec.square)
    throw new DocumentError(
      document,
      '$.mask',
      `found ${JSON.stringify(c.mask)}, must be a named mask that has no tables and does not need m = n, because the case has pages`,
    );
  if (c.options.bias)
    throw new DocumentError(document, '$.options.bias', 'must be absent in a case with pages: no dense tensors are defined for them');
  if (c.dtype.startsWith('f8')) throw new DocumentError(document, '$.dtype', `found ${c.dtype}, whose scales are not defined for pages`);
}
