import type { Claims } from '../../spec/claims/claims.js';
import { isStreamed } from '../../spec/oracle/softmax-form.js';
import type { Case } from '../../spec/types/documents.js';
import { simplest } from '../draw/flat.js';
import { toCase } from '../draw/to-case.js';
import type { DrawRequest } from '../needs.js';
import { Undrawable } from '../undrawable.js';
import { caseSpace } from './space.js';

/** Queries, keys and key heads, each some ten times as much work as the one before; heads of 64. */
const sizes = [
  [64, 2],
  [256, 2],
  [512, 4],
  [1024, 8],
] as const;

/** Cases by which an implementation's speed is measured, the cheapest first: plain ones, within its claims. None where the claims leave none. */
export function measuredCases(claims: Claims): Case[] {
  const { library, capabilities } = claims;
  const claimed = capabilities.operators.flatMap((name) => library.operators.get(name) ?? []);
  const operator = (claimed.find(isStreamed) ?? claimed[0])?.name;
  if (operator === undefined) return [];
  const dtype = capabilities.dtypes.includes('f32') ? 'f32' : capabilities.dtypes[0];
  const request: DrawRequest = {
    operator,
    mask: 'any',
    dtype: dtype as Case['dtype'],
    needs: { distributions: ['normal'], plainScores: true, passes: 1 },
    speed: 'fast',
  };
  try {
    const space = caseSpace(claims, request);
    return sizes.map(([n, hk]) => {
      const { values, ...c } = toCase(space, { ...simplest, production: 1, n, m: n, hk, d: 64, e: 64 });
      return { ...c, values: { distribution: values.distribution, seed: values.seed } };
    });
  } catch (error) {
    if (error instanceof Undrawable) return [];
    throw error;
  }
}
