import { caseFault } from '../../generators/validate.js';
import { maskForm, masksOf } from '../../generators/whole/mask-form.js';
import type { Claims } from '../../spec/claims/claims.js';
import { excludedBy } from '../../spec/claims/excluded.js';
import { unmetNeed } from '../../spec/scheme/world.js';
import { worldFor } from '../../spec/scheme/world-for.js';
import type { Case } from '../../spec/types/documents.js';
import { whyNotClaimed } from '../plan/not-claimed.js';
import { claimsBackward } from '../properties/kernel/gradient.js';
import { whyTooLarge } from '../runner/host/timing/largest-length.js';
import { type BenchProblem, mostJudgedCells } from './problems.js';

const mostDenseCells = 2 ** 30;

/** Reason not to time a problem on an adapter; undefined if it is timed. */
export function whyUnclaimed(whole: Claims, { case: c, pass }: BenchProblem): string | undefined {
  const claims = whole.forScheme(c.parallel?.scheme);
  if (typeof claims === 'string') return claims;
  // before the limits of a case: it names the largest length that fits
  const large = whyTooLarge(c, pass);
  if (large !== undefined) return large;
  const fault = caseFault(claims.library, c, 'the problem');
  if (fault) return `${fault.path}: ${fault.problem}`;
  if (pass === 'backward' && !claimsBackward(claims.capabilities)) return 'no gradients are claimed';
  const missing = whyNotClaimed(claims, c);
  if (missing !== undefined) return missing;
  const cells = denseCells(claims, c);
  if (cells > mostDenseCells)
    return `it takes this mask as a dense tensor only: ${cells} cells, at most ${mostDenseCells} are allowed; use shorter lengths`;
  const excluded = excludedBy(claims.capabilities, c, pass === 'backward');
  if (excluded) return `excluded by its capabilities: ${JSON.stringify(excluded)}`;
  if (c.parallel) {
    const unmet = unmetNeed(worldFor(claims.library, c), c.mask);
    if (unmet !== undefined) return unmet;
  }
  const { b, hk, g, m, n } = c.dims;
  if (pass === 'backward' && c.values.rows === undefined && b * hk * g * m * n > mostJudgedCells)
    return `its gradients could not be judged: ${b * hk * g * m * n} cells, the oracle computes at most ${mostJudgedCells}; use shorter lengths or fewer heads`;
  return undefined;
}

function denseCells(claims: Claims, c: Case): number {
  const form = maskForm(claims, c, masksOf(claims.library, c).own);
  if (!form || form.by === 'name') return 0;
  const { b, heads, m } = form.shape;
  return b * heads * m * c.dims.n;
}
