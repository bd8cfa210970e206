import type { Adapter } from '../../adapters/adapter.js';
import { drawsEverything } from '../../generators/lib/needs.js';
import type { Claims } from '../../spec/claims/claims.js';
import type { Speed } from '../../spec/types/documents.js';
import type { Check } from '../contract/check.js';
import type { Property } from '../contract/property.js';
import { planChecks } from '../plan/plan.js';
import { profilesNamed, usualProfiles } from '../plan/profile-checks.js';
import { propertyNamed } from '../properties/index.js';

/**
 * The checks that an adapter's claims allow, those first that meet most in few cases: the forward pass with every feature and mask together,
 * the other checks that draw everything, calls on a cache, then one feature at a time, then one mask at a time. One that brings programs of
 * schemes is judged by those alone. Long sequences come last.
 * @param profile that judges it in the place of the usual ones.
 */
export function mutantChecks(
  { id, programs }: Pick<Adapter, 'id' | 'programs'>,
  claims: Claims,
  runs: number,
  { filter, speed, profile }: { readonly filter?: readonly string[]; readonly speed?: Speed; readonly profile?: string } = {},
): Check[] {
  const { library } = claims;
  const named = profile ?? (programs ? 'parallel' : undefined);
  const profiles = named ? profilesNamed(library, [named]) : usualProfiles(library);
  const checks = planChecks(profiles, { id, claims }, { runs, filter, speed, schemes: programs?.map(({ name }) => name) });
  return checks.filter((check) => check.unsupported === undefined).sort((a, b) => breadth(a) - breadth(b));
}

/** Tells whether a check is one of long sequences, each of which takes a second or a minute. */
export function isLong({ property }: Check): boolean {
  return propertyNamed(property)?.needs.targeted === true;
}

function breadth(check: Check): number {
  const { name, needs } = propertyNamed(check.property) as Property;
  if (isLong(check)) return 6;
  // it tells of a deviation, and little of any other fault
  if (name === 'dialect') return 5;
  // calls on a cache are met nowhere else
  if (needs.history) return 2;
  if (drawsEverything({ ...check, needs })) return check.feature === 'all' && !needs.gradients ? 0 : 1;
  return check.feature === undefined ? 4 : 3;
}
