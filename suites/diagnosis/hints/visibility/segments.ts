import type { CompiledMask, Segment } from '../../../../spec/mask/compiled-mask.js';
import { isSame } from '../diagnosis.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

/** The segments that queries belong to: packed documents, or sequences in a cache. */
export function segmentsOf({ problem: { mask } }: Subject): Segment[] {
  const all = new Set<Segment>();
  for (let row = 0; row < mask.b * mask.m; row++) {
    const segment = mask.segmentOf?.(Math.floor(row / mask.m), row % mask.m);
    if (segment) all.add(segment);
  }
  return [...all];
}

/**
 * What a family says of a mask, said of every segment's, in the same words: a fault may be met in packed documents and without. A segment of which it
 * has nothing to say is left as it is.
 */
export function* inEachSegment(subject: Subject, family: (subject: Subject) => Iterable<MaskHypothesis>): Generator<MaskHypothesis> {
  const { mask } = subject.problem;
  const own = new Map(segmentsOf(subject).map((segment) => [segment, [...family(ofSegment(subject, segment))]]));
  const said: MaskHypothesis[] = [];
  for (const hypothesis of [...own.values()].flat()) if (!said.some((other) => isSame(other, hypothesis))) said.push(hypothesis);
  for (const hypothesis of said) {
    const inSegment = new Map([...own].map(([segment, all]) => [segment, all.find((one) => isSame(one, hypothesis)) ?? segment.mask]));
    yield {
      ...hypothesis,
      visible: visibleIn(mask.segmentOf, (segment) => inSegment.get(segment)),
    };
  }
}

/** What queries see of the keys of their segments, and nothing else. @param maskOf of a segment: its own where absent. */
export function visibleIn(
  segmentOf: CompiledMask['segmentOf'],
  maskOf: (segment: Segment) => Pick<CompiledMask, 'visible'> | undefined = ({ mask }) => mask,
): MaskHypothesis['visible'] {
  return (b, h, i, j) => {
    const segment = segmentOf?.(b, i);
    if (!segment || j < segment.keys[0] || j >= segment.keys[1]) return false;
    return maskOf(segment)?.visible(0, h, i - segment.queries[0], j - segment.keys[0]) ?? false;
  };
}

/** The same question about one segment alone. */
function ofSegment(subject: Subject, { mask }: Segment): Subject {
  const { packed: _, history: __, ...c } = subject.problem.case;
  return { ...subject, problem: { ...subject.problem, case: c, mask } };
}
