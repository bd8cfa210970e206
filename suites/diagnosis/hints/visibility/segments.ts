import type { CompiledMask, Segment } from '../../../../spec/mask/compile/compiled-mask.js';
import { isSame } from '../diagnosis.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

/** Packed documents, or sequences in a cache. */
export function segmentsOf({ problem: { mask } }: Subject): Segment[] {
  const all = new Set<Segment>();
  for (let row = 0; row < mask.b * mask.m; row++) {
    const segment = mask.segmentOf?.(Math.floor(row / mask.m), row % mask.m);
    if (segment) all.add(segment);
  }
  return [...all];
}

/** False for a cache: its tiles may begin at a page. A packed document's begin at its first key. */
export function placesTiles({ mask, case: c }: Subject['problem']): boolean {
  return mask.segmentOf === undefined || c.packed !== undefined;
}

/** Key at which the tiles of a row begin. */
export function firstOfTiles({ mask }: Subject['problem'], b: number, i: number): number {
  return mask.segmentOf?.(b, i)?.keys[0] ?? 0;
}

/**
 * Applies mask hypotheses to every segment, with unchanged texts: a fault may also occur without
 * packing. A segment to which a hypothesis does not apply keeps its mask.
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

/** Limits visibility to each query's segment. @param maskOf mask of a segment, if not its own. */
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

function ofSegment(subject: Subject, { mask }: Segment): Subject {
  const { packed: _, history: __, ...c } = subject.problem.case;
  return { ...subject, problem: { ...subject.problem, case: c, mask } };
}
