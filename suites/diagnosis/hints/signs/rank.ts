import type { Claims } from '../../../../spec/claims/claims.js';
import { axesOf, flatAxesOf } from '../../../../spec/operator/facts.js';
import { sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../../../spec/types/documents.js';
import type { Comparand } from '../../../judging/compared.js';
import { wrongElements } from '../fits.js';
import { placementsOf } from '../ranks/placement.js';

const LEAST_TOKENS = 2;

/** All wrong elements belong to several tokens of one rank, and other ranks are right. */
export function rankHint(comparand: Comparand, claims: Claims, c: Case): string | undefined {
  const { output, judged, expected } = comparand;
  const [placement, ...more] = judged ? [] : placementsOf(claims, c);
  const axes = flatAxesOf(axesOf(claims.library.operators.get(c.operator) as Operator, output) ?? []);
  const axis = Math.max(axes.indexOf('m'), axes.indexOf('n'));
  // the placement is unknown if several are possible
  if (!placement || more.length > 0 || axis < 0 || axes.length !== expected.shape.length) return undefined;
  const { owner } = placement;
  const inner = sizeOf(expected.shape.slice(axis + 1));
  const wrong = new Set<number>();
  for (const at of wrongElements(comparand)) wrong.add(Math.floor(at / inner) % owner.length);
  const [rank, ...others] = new Set([...wrong].map((token) => owner[token]));
  if (others.length > 0 || wrong.size < LEAST_TOKENS || owner.every((one) => one === rank)) return undefined;
  const last = (c.parallel?.ranks ?? 0) - 1;
  return `the wrong elements of ${output} all belong to tokens of ${rank === last ? 'the last rank' : `rank ${rank}`}; those of the other ranks are right`;
}
