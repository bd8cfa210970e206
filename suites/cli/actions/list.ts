import { availableParallelism } from 'node:os';
import { checkSource } from '../../../adapters/load.js';
import { builtIns } from '../../../adapters/registry.js';
import { jsonText, printable } from '../../../reports/text/plain-text.js';
import { formatTable } from '../../../reports/text/table.js';
import { loadSpec } from '../../documents/load-spec.js';
import { atATime } from '../../lib/at-a-time.js';
import { exitCodes } from '../../lib/exit-code.js';
import { Host, type HostStart } from '../../runner/host/host.js';
import { defaults } from '../defaults.js';
import { listChecks } from './list-checks.js';
import {
  listClusters,
  listLengths,
  listMasks,
  listNumerics,
  listOperators,
  listProfiles,
  listProperties,
  listSchemes,
} from './list-documents.js';
import type { ListContext, Listing } from './listing.js';

/** Opens each adapter in a separate process, to list it as available or with its requirements. */
async function listAdapters({ adapters, documents, load }: ListContext): Promise<Listing> {
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

export type ListKind =
  | 'adapters'
  | 'operators'
  | 'masks'
  | 'schemes'
  | 'clusters'
  | 'lengths'
  | 'numerics'
  | 'properties'
  | 'profiles'
  | 'checks';

export interface ListFlags {
  readonly json?: boolean;
  readonly adapter?: string[];
  readonly spec?: string[];
  readonly python?: string;
  readonly family?: string;
  readonly search?: string;
  readonly all?: boolean;
}

const listers: Record<ListKind, (context: ListContext) => Listing | Promise<Listing>> = {
  adapters: listAdapters,
  operators: listOperators,
  masks: listMasks,
  schemes: listSchemes,
  clusters: listClusters,
  lengths: listLengths,
  numerics: listNumerics,
  properties: listProperties,
  profiles: listProfiles,
  checks: listChecks,
};

/** Runs `attn-cts list WHAT`. @returns the exit code. */
export async function listAction(what: ListKind, flags: ListFlags): Promise<number> {
  const {
    records,
    more = [],
    ...first
  } = await listers[what]({
    ...loadSpec(flags.spec),
    adapters: flags.adapter ?? [],
    load: { python: flags.python },
    ...(flags.family !== undefined && { family: flags.family }),
    ...(flags.search !== undefined && { search: flags.search }),
    all: flags.all ?? false,
  });
  if (flags.json) process.stdout.write(jsonText(records));
  else {
    const tables = [first, ...more].filter(({ rows }) => rows.length > 0);
    const text = tables.map(({ head, rows }) => formatTable(head, printable(rows))).join('\n');
    process.stdout.write(text === '' ? noneOf(what, flags) : text);
  }
  return exitCodes.passed;
}

function noneOf(what: ListKind, { search }: ListFlags): string {
  return search === undefined ? `no ${what} in this version\n` : `no ${what} called anything like "${search}"\n`;
}
