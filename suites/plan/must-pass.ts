import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary } from '../../spec/library.js';
import { operatorsOfProfile } from '../../spec/profile.js';
import type { DType, MustPass } from '../../spec/types/documents.js';
import { plannedIds } from './plan.js';
import { profilesNamed } from './profile-checks.js';

/** Listed dtypes. 8-bit dtypes are stored forms of other types. */
const dtypes: DType[] = ['f64', 'f32', 'f16', 'bf16'];

/**
 * Makes a profile's must-pass list; an unchanged version keeps the `frozen` list.
 * @throws {Error} if a check of `frozen` is no longer planned.
 */
export function mustPassOf(name: string, frozen?: MustPass): MustPass {
  const library = createLibrary();
  const [profile] = profilesNamed(library, [name]);
  const operators = operatorsOfProfile(profile, library.operators.values());
  const claims = Claims.of(library, resolveCapabilities({ dtypes, operators }, `the must-pass list of ${name}`));
  const planned = plannedIds([profile], { id: 'must-pass', claims });
  if (frozen?.version !== profile.version) return { profile: name, version: profile.version, checks: planned };
  const lost = frozen.checks.filter((id) => !planned.includes(id));
  if (lost.length === 0) return { profile: frozen.profile, version: frozen.version, checks: frozen.checks };
  throw new Error(
    `spec/must-pass/${name}.json: ${lost.length} of its checks are no longer planned, the first ${lost[0]}: plan them, or raise the version of the profile ${name}`,
  );
}
