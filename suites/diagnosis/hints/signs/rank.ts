import { whyUndocumented } from '../../../../spec/claims/adapter-scheme.js';
import type { Claims } from '../../../../spec/claims/claims.js';
import { axesOf, flatAxesOf } from '../../../../spec/operator/facts.js';
import { ownersOf } from '../../../../spec/scheme/owners.js';
import { layoutOf } from '../../../../spec/scheme/world.js';
import { worldFor } from '../../../../spec/scheme/world-for.js';
import type { Case, Operator } from '../../../../spec/types/documents.js';
import type { Comparand } from '../../../judging/compared.js';
import { wrongElements } from '../fits.js';

/** Wrong tokens that the rank must have: one alone lies on one rank in any case. */
const LEAST_TOKENS = 2;

/** Every wrong element of an output belongs to tokens of one rank, and other ranks have right ones. */
export function rankHint(comparand: Comparand, claims: Claims, c: Case): string | undefined {
  const { output, judged } = comparand;
  const owners = judged ? undefined : ownersOfTokens(claims, c, output);
  if (!owners) return undefined;
  const wrong = new Set<number>();
  for (const i of wrongElements(comparand)) wrong.add(owners.tokenOf(i));
  const [rank, ...others] = new Set([...wrong].map((token) => owners.ranks[token]));
  if (others.length > 0 || wrong.size < LEAST_TOKENS || owners.ranks.every((one) => one === rank)) return undefined;
  const last = (c.parallel?.ranks ?? 0) - 1;
  return `the wrong elements of ${output} all belong to tokens of ${rank === last ? 'the last rank' : `rank ${rank}`}; those of the other ranks are right`;
}

/** The rank of each token of an output, and the token of each element; undefined if the case has no ranks, or nothing says where its tokens lie. */
function ownersOfTokens({ library, capabilities }: Claims, c: Case, output: string) {
  const { operator, dims, parallel } = c;
  const document = library.operators.get(operator) as Operator;
  const scheme = parallel && library.schemes.get(parallel.scheme);
  const axes = flatAxesOf(axesOf(document, output) ?? []);
  const at = Math.max(axes.indexOf('m'), axes.indexOf('n'));
  const isSharded = axes[at] === 'n' || (scheme?.queries ?? 'sharded') === 'sharded';
  if (!scheme || parallel.ranks < 2 || scheme.layout === 'solved' || whyUndocumented(capabilities) !== undefined || at < 0 || !isSharded)
    return undefined;
  const sizes: Readonly<Record<string, number>> = { ...dims, h: dims.hk * dims.g };
  const inner = axes.slice(at + 1).reduce((size, axis) => size * sizes[axis], 1);
  const tokens = sizes[axes[at]];
  if (tokens !== dims.n || !Number.isInteger(inner)) return undefined;
  return { ranks: ownersOf(layoutOf(worldFor(library, c)), tokens), tokenOf: (i: number) => Math.floor(i / inner) % tokens };
}
