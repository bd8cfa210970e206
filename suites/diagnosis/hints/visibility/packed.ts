import type { Segment } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Mask } from '../../../../spec/types/documents.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { type Bounds, lengthOf, replaced } from './replaced.js';
import { segmentsOf } from './segments.js';
import { firstKeyLost, lastKeyLost } from './tails.js';

const withoutFlag: Readonly<Record<string, string>> = { 'document-causal': 'document' };

/** Masks of several parts with one ignored, e.g. the causal flag beside documents. */
export function* partHypotheses({ problem, problemOf }: Subject): Generator<MaskHypothesis> {
  const { case: c } = problem;
  if (c.block) return;
  const of = (text: string, mask: Mask): MaskHypothesis => {
    const { visible, segmentOf } = problemOf({ ...c, mask }).mask;
    return { text, visible, ...(segmentOf && { segmentOf }) };
  };
  const { mask } = c;
  if ('and' in mask) {
    for (const [at, part] of mask.and.entries()) {
      const others = mask.and.filter((_, x) => x !== at);
      if (others.length > 0) yield of(`the mask without its part ${nameOf(part)}`, others.length === 1 ? others[0] : { and: others });
    }
  } else if ('name' in mask && Object.hasOwn(withoutFlag, mask.name))
    yield of('the mask without its causal part (the causal flag was probably ignored)', { ...mask, name: withoutFlag[mask.name] });
}

function nameOf(mask: Mask): string {
  if ('name' in mask) return mask.name;
  return 'and' in mask ? mask.and.map(nameOf).join(' and ') : 'that is no mask by name';
}

/** Segments without their first or last key. */
export function* segmentEndHypotheses(subject: Subject): Generator<MaskHypothesis> {
  const segments = segmentsOf(subject);
  yield replaced(
    subject,
    firstKeyLost,
    segments.map((of) => ({ of, keys: [Math.min(of.keys[0] + 1, of.keys[1]), of.keys[1]] })),
  );
  yield replaced(
    subject,
    lastKeyLost,
    segments.map((of) => ({ of, columns: lengthOf(of.keys), keys: [of.keys[0], Math.max(of.keys[1] - 1, of.keys[0])] })),
  );
}

/** Documents with one visible key too many or too few. */
export function* documentHypotheses({ problem: { mask } }: Subject): Generator<MaskHypothesis> {
  if (!mask.tables.document) return;
  const { n } = mask;
  const at = (b: number, h: number, i: number, j: number) => j >= 0 && j < n && mask.visible(b, h, i, j);
  const seen = (text: string, visible: MaskHypothesis['visible']): MaskHypothesis => ({ text: `a kernel where ${text}`, visible });
  yield seen('a query attends to one key past the last one visible in its document', (b, h, i, j) => at(b, h, i, j) || at(b, h, i, j - 1));
  yield seen('a query attends to one key before the start of its document', (b, h, i, j) => at(b, h, i, j) || at(b, h, i, j + 1));
  yield seen('a query misses the last visible key of its document', (b, h, i, j) => at(b, h, i, j) && at(b, h, i, j + 1));
  yield seen('a query misses the first key of its document', (b, h, i, j) => at(b, h, i, j) && at(b, h, i, j - 1));
}

/** Wrong bounds of packed documents, or wrong positions of their queries. */
export function* packedHypotheses(subject: Subject): Generator<MaskHypothesis> {
  const { case: c, mask } = subject.problem;
  if (!c.packed) return;
  const { m, n } = c.dims;
  const { mask: one } = subject.problemOf({ ...c, packed: { q: [m], k: [n] } });
  yield { text: 'a kernel where packed documents are one sequence', visible: one.visible, segmentOf: one.segmentOf };
  const longest = Math.max(...c.packed.k);
  const segments = segmentsOf(subject);
  const found = (text: string, keysOf: (segment: Segment) => Bounds) =>
    replaced(
      subject,
      text,
      segments.map((of) => ({ of, keys: keysOf(of) })),
    );
  yield found('a packed document attends to the first key of the next one', ({ keys: [start, end] }) => [
    start,
    start < end ? Math.min(end + 1, n) : end,
  ]);
  yield found('every packed document is taken to have as many keys as the longest', ({ keys: [start] }) => [
    start,
    Math.min(start + longest, n),
  ]);
  yield found('the bounds of packed documents along the queries are used for the keys too', ({ queries: [start, end] }) => [
    Math.min(start, n),
    Math.min(end, n),
  ]);
  const { data: starts } = mask.tables.cu_k;
  yield found('packed documents without queries are skipped, and the documents after them read the keys of earlier ones', (segment) => {
    const x = segments.indexOf(segment);
    return [starts[x], starts[x + 1]];
  });
  // in documents with the first one's n − m this changes no mask
  const offset = c.packed.k[0] - c.packed.q[0];
  yield replaced(
    subject,
    'every packed document uses the causal offset n − m of the first',
    segments.map((of) => {
      const [rows, columns] = [of.queries, of.keys].map(lengthOf);
      return { of, keys: of.keys, rows: Math.max(rows, columns - offset), columns: Math.max(columns, rows + offset) };
    }),
  );
}
