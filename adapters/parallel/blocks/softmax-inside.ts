import { compileMask } from '../../../spec/mask/compile/compile.js';
import { maskDialect } from '../../../spec/mask/mask-dialect.js';
import type { Case, Mask } from '../../../spec/types/documents.js';
import type { WholeProblem } from './local-attention.js';

const known = new WeakMap<WholeProblem, Map<string, WholeProblem>>();

/** Returns the softmax problem over the same tokens with this mask, made once per job. */
export function softmaxInside(whole: WholeProblem, mask: Mask): WholeProblem {
  const ofWhole = known.get(whole) ?? new Map<string, WholeProblem>();
  known.set(whole, ofWhole);
  const name = JSON.stringify(mask);
  const problem = ofWhole.get(name) ?? problemWith(whole, mask);
  ofWhole.set(name, problem);
  return problem;
}

function problemWith({ library, case: c }: WholeProblem, mask: Mask): WholeProblem {
  const { b, hk, g, m, n } = c.dims;
  const { scale } = c.options;
  const inside: Case = { ...c, operator: 'softmax', mask, options: scale === undefined ? {} : { scale } };
  return { library, case: inside, mask: compileMask(library, mask, { b, heads: hk * g, m, n, ...maskDialect(c) }) };
}
