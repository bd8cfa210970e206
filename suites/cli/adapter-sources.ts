import { UsageError } from '../lib/usage-error.js';

/** Parses flags like mine=./kernel.ts to sources by adapter id. @throws {UsageError} */
export function parseAdapterSources(flags: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(flags.map(parseSource));
}

function parseSource(flag: string): [string, string] {
  const at = flag.indexOf('=');
  if (at < 1 || at === flag.length - 1) throw new UsageError(`--adapter: found "${flag}", must be ID=ADAPTER, such as mine=./kernel.ts`);
  return [flag.slice(0, at), flag.slice(at + 1)];
}
