import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { AdapterResult, Dialect } from '../../spec/types/documents.js';
import type { PlannableChecks } from '../plan/expectations.js';
import { plannedIds } from '../plan/plan.js';

/** Lists every check that a run's adapters could have, ignoring filters and profiles. */
export function plannableChecks(library: SpecLibrary, adapters: readonly AdapterResult[], dialect: Dialect): PlannableChecks[] {
  const profiles = [...library.profiles.values()];
  return adapters.map(({ id, capabilities, unavailable }) => {
    const available = unavailable === undefined && capabilities !== undefined && capabilities !== null;
    if (!available) return { adapter: id, available, checks: [] };
    const claims = Claims.of(library, resolveCapabilities(capabilities, id, dialect), id);
    return { adapter: id, available, checks: plannedIds(profiles, { id, claims }) };
  });
}
