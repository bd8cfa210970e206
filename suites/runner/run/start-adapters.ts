import { builtIn as builtInNamed } from '../../../adapters/registry.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { AdapterResult, Capabilities, Dialect } from '../../../spec/types/documents.js';
import { atATime } from '../../lib/at-a-time.js';
import { UsageError } from '../../lib/usage-error.js';
import { Host, type HostSettings } from '../host/host.js';
import type { LoadedAdapter } from '../host/wire.js';
import { dialectTable } from '../record/dialect-table.js';

/** Adapter of the run, after its first start. */
export interface StartedAdapter {
  readonly source: string;
  readonly result: AdapterResult;
  readonly builtIn: boolean;
  /** Declared capabilities; absent if the module could not be loaded. */
  readonly declared?: Capabilities;
  readonly claims?: Claims;
  readonly host?: Host;
  readonly startSeconds: number;
}

/**
 * Starts each adapter once, `limit` at a time, to learn its id, claims and environment.
 * @throws {DocumentError} for a malformed adapter. @throws {UsageError} for a duplicate id.
 */
export async function startAdapters(
  sources: readonly string[],
  library: SpecLibrary,
  settings: Omit<HostSettings, 'source'>,
  limit: number,
  onStart: (started: number, of: number, source: string) => void = () => {},
): Promise<StartedAdapter[]> {
  const unique = [...new Set(sources)];
  const started = new Array<StartedAdapter>(unique.length);
  try {
    await atATime(unique, limit, async (source, i) => {
      started[i] = await startAdapter(library, { ...settings, source });
      onStart(Object.keys(started).length, unique.length, source);
    });
    for (const [i, { result }] of started.entries()) {
      const first = started.findIndex((s) => s.result.id === result.id);
      if (first < i)
        throw new UsageError(`"${unique[first]}" and "${unique[i]}" both call themselves "${result.id}"; each adapter needs its own id`);
    }
  } catch (error) {
    await Promise.all(started.map((s) => s?.host?.kill()));
    throw error;
  }
  return started;
}

async function startAdapter(library: SpecLibrary, settings: HostSettings): Promise<StartedAdapter> {
  const { source, dialect } = settings;
  const begun = performance.now();
  const start = await Host.start(settings);
  const startSeconds = (performance.now() - begun) / 1000;
  const described = describe(
    library,
    source,
    start.adapter,
    dialect,
    start.state === 'open' ? { ...machine, ...bounded(start.environment) } : {},
  );
  if (start.state === 'open') return { ...described, host: start.host, startSeconds };
  return {
    ...described,
    startSeconds,
    result: { ...described.result, unavailable: bounded({ reason: start.reason, remedy: start.remedy }) },
  };
}

/** Most characters of a text by which an adapter describes itself. */
const longest = 4000;

function bounded<T extends Readonly<Record<string, string>>>(texts: T): T {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key.slice(0, longest), String(text).slice(0, longest)])) as T;
}

const machine = { node: process.version, platform: process.platform, arch: process.arch };

function describe(
  library: SpecLibrary,
  source: string,
  adapter: LoadedAdapter | undefined,
  dialect: Dialect,
  environment: Readonly<Record<string, string>>,
): Omit<StartedAdapter, 'startSeconds'> {
  const known = builtInNamed(source);
  const builtIn = known !== undefined;
  const title = known?.title ?? source;
  if (!adapter) return { source, builtIn, result: { id: source, title, version: null, environment, dialect: dialectTable({}, dialect) } };
  const declared = adapter.capabilities as Capabilities;
  return {
    source,
    builtIn,
    declared,
    claims: Claims.of(library, resolveCapabilities(declared, source, dialect), source),
    result: {
      id: adapter.id,
      ...bounded({ title: adapter.title }),
      version: adapter.version === null ? null : bounded({ version: adapter.version }).version,
      environment,
      capabilities: declared,
      dialect: dialectTable(declared.dialect ?? {}, dialect),
    },
  };
}
