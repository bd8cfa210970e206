import type { Mask } from '../../../../spec/types/documents.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

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
