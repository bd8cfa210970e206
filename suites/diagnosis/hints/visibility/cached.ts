import { isPaged } from '../../../../generators/history/pages.js';
import { pageOf } from '../../../../generators/history/play.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { replaced } from './replaced.js';
import { segmentsOf } from './segments.js';

/** Wrong keys read from a paged cache, and queries at wrong positions among them. */
export function* cachedHypotheses(subject: Subject): Generator<MaskHypothesis> {
  const { case: c } = subject.problem;
  if (!isPaged(c)) return;
  const { m } = c.dims;
  const page = pageOf(c.history);
  const segments = segmentsOf(subject);
  /** @param rowsOf number of queries if the last one stood at the last key. */
  const reading = (text: string, keysOf: (length: number) => number, rowsOf: (length: number) => number = () => m) =>
    replaced(
      subject,
      text,
      segments.map((of) => ({ of, keys: [0, keysOf(of.keys[1])], rows: rowsOf(of.keys[1]) })),
    );
  yield reading("attention reads the cache before the call's tokens are appended", (length) => (length > m ? length - m : length));
  yield reading('queries are positioned as if the call had appended no keys', Number, (length) => (length > m ? 2 * m : m));
  yield reading('the last page of a sequence is skipped if it is not full', (length) =>
    length < page ? length : length - (length % page),
  );
}
