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
 * Checks of an adapter's claims, broadest first and long last; schemes only for one with schemes.
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

/** True for long sequences, which take a second or a minute per check. */
export function isLong({ property }: Check): boolean {
  return propertyNamed(property)?.needs.targeted === true;
}

function breadth(check: Check): number {
  const { name, needs } = propertyNamed(check.property) as Property;
  if (isLong(check)) return 6;
  // it shows deviations and hardly any other fault
  if (name === 'dialect') return 5;
  if (needs.history) return 2;
  if (drawsEverything({ ...check, needs })) return check.feature === 'all' && !needs.gradients ? 0 : 1;
  return check.feature === undefined ? 4 : 3;
}
