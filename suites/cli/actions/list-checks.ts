import { checkSource, isBuiltIn, loadAdapter } from '../../../adapters/load.js';
import type { LoadOptions } from '../../../adapters/load-options.js';
import { builtIn, builtIns } from '../../../adapters/registry.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { SpecDocument } from '../../../spec/library.js';
import type { Check } from '../../contract/check.js';
import { UsageError } from '../../lib/usage-error.js';
import { planChecks } from '../../plan/plan.js';
import { Host } from '../../runner/host/host.js';
import { defaults } from '../defaults.js';
import type { ListContext, Listing } from './listing.js';

/** Lists every check: for one adapter, why it is not asked; for several, how many are asked. */
export async function listChecks({ adapters, library, documents, load }: ListContext): Promise<Listing> {
  const sources = adapters.length > 0 ? adapters : Object.keys(builtIns).filter((id) => !builtIns[id].slow);
  const checks: Check[] = [];
  for (const source of sources) {
    const { id, capabilities } = await claimsOf(source, documents, load);
    checks.push(
      ...planChecks(
        [...library.profiles.values()],
        { id, claims: Claims.of(library, resolveCapabilities(capabilities, source), source) },
        { runs: defaults.runs },
      ),
    );
  }
  const records = checks.map(({ id, adapter, cases, unsupported }) => ({
    id,
    adapter,
    cases,
    ...(unsupported !== undefined && { unsupported }),
  }));
  if (sources.length === 1) {
    return {
      records,
      head: ['CHECK', 'CASES', 'NOT ASKED BECAUSE'],
      rows: records.map((r) => [r.id, String(r.cases), r.unsupported ?? '']),
    };
  }
  const asked = new Map<string, number>();
  for (const { id, unsupported } of checks) asked.set(id, (asked.get(id) ?? 0) + (unsupported === undefined ? 1 : 0));
  return { records, head: ['CHECK', `ASKED OF ${sources.length} ADAPTERS`], rows: [...asked].map(([id, count]) => [id, String(count)]) };
}

/** Loads a user's module in a separate process; built-ins import no backend before they open. */
async function claimsOf(
  source: string,
  documents: readonly SpecDocument[],
  load: LoadOptions,
): Promise<{ id: string; capabilities: unknown }> {
  checkSource(source);
  if (isBuiltIn(source) && !builtIn(source)?.slow) return loadAdapter(source, load);
  const start = await Host.start({
    source,
    documents,
    dialect: {},
    timeout: defaults.timeout * 1000,
    startTimeout: defaults.startTimeout * 1000,
    load,
  });
  if (start.state === 'open') await start.host.stop();
  else if (!start.adapter) throw new UsageError(`${source} did not load: ${start.reason}`);
  return start.adapter as NonNullable<typeof start.adapter>;
}
