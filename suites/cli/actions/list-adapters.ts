import { availableParallelism } from 'node:os';
import { checkSource } from '../../../adapters/load.js';
import { builtIns } from '../../../adapters/registry.js';
import { atATime } from '../../lib/at-a-time.js';
import { Host, type HostStart } from '../../runner/host/host.js';
import { defaults } from '../defaults.js';
import type { ListContext, Listing } from './listing.js';

/** Opens each adapter in a separate process, to list it as available or with its requirements. */
export async function listAdapters({ adapters, documents, load }: ListContext): Promise<Listing> {
  const sources = adapters.length > 0 ? adapters : Object.keys(builtIns);
  for (const source of sources) checkSource(source);
  const shared = { documents, dialect: {}, timeout: defaults.timeout * 1000, startTimeout: defaults.startTimeout * 1000, load };
  const records = await atATime(sources, availableParallelism(), async (source) =>
    describe(source, await Host.start({ ...shared, source })),
  );
  return {
    records,
    head: ['ADAPTER', 'AVAILABLE', 'TITLE'],
    rows: records.map((r) => [r.id, r.available ? 'yes' : 'no', r.available ? r.title : `${r.title}\n${r.reason}\nremedy: ${r.remedy}`]),
  };
}

async function describe(source: string, start: HostStart) {
  const { id = source, title = builtIns[source]?.title ?? source, version = null } = start.adapter ?? {};
  if (start.state === 'unavailable') return { id, title, version, available: false as const, reason: start.reason, remedy: start.remedy };
  await start.host.stop();
  return { id, title, version, available: true as const, environment: start.environment };
}
