import { validateCase } from '../../generators/validate.js';
import { excludedBy } from '../../spec/claims/capabilities.js';
import type { Claims } from '../../spec/claims/claims.js';
import { DocumentError } from '../../spec/documents.js';
import { unmetNeed, worldOf } from '../../spec/scheme/world.js';
import type { Scheme } from '../../spec/types/documents.js';
import { whyNotClaimed } from '../plan/not-claimed.js';
import { claimsBackward } from '../properties/kernel/gradient.js';
import type { BenchProblem } from './problems.js';

/** Cells (over heads and batch entries) up to which gradients are judged: the oracle computes all of them, in float64. */
const mostBackwardCells = 2 ** 24;

/** Why an adapter is not asked for a problem, in words; undefined where it is. */
export function whyUnclaimed(whole: Claims, { case: c, pass }: BenchProblem): string | undefined {
  const claims = whole.forScheme(c.parallel?.scheme);
  if (typeof claims === 'string') return claims;
  try {
    validateCase(claims.library, c, 'the problem');
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return `${error.path}: ${error.problem}`;
  }
  if (pass === 'backward' && !claimsBackward(claims.capabilities)) return 'no gradients are claimed';
  const missing = whyNotClaimed(claims, c);
  if (missing !== undefined) return missing;
  const excluded = excludedBy(claims.capabilities, c, pass === 'backward');
  if (excluded) return `excluded by its capabilities: ${JSON.stringify(excluded)}`;
  if (c.parallel) {
    const unmet = unmetNeed(worldOf(claims.library.schemes.get(c.parallel.scheme) as Scheme, c.dims, c.parallel.ranks), c.mask);
    if (unmet !== undefined) return unmet;
  }
  const { b, hk, g, m, n } = c.dims;
  if (pass === 'backward' && b * hk * g * m * n > mostBackwardCells)
    return `its gradients could not be judged: ${b * hk * g * m * n} cells, the oracle computes ${mostBackwardCells}; take shorter lengths or fewer heads`;
  return undefined;
}
