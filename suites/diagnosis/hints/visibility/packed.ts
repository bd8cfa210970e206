import type { Segment } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { type Bounds, lengthOf, replaced } from './replaced.js';
import { segmentsOf } from './segments.js';

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
  yield found('the bounds of packed documents among the queries are used for the keys too', ({ queries: [start, end] }) => [
    Math.min(start, n),
    Math.min(end, n),
  ]);
  const { data: starts } = mask.tables.cu_k;
  yield found('packed documents without queries are skipped, and those after them read the keys of the ones before', (segment) => {
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
