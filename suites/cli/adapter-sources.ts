import { UsageError } from '../lib/usage-error.js';

/** Adds the adapters named without a flag in front of the `--adapter` ones. */
export function withNamed<F extends { readonly adapter?: string[] }>(named: readonly string[], flags: F): F {
  return named.length === 0 ? flags : { ...flags, adapter: [...named, ...(flags.adapter ?? [])] };
}

/** Parses flags like mine=./kernel.ts to sources by adapter id. @throws {UsageError} */
export function parseAdapterSources(flags: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(flags.map(parseSource));
}

function parseSource(flag: string): [string, string] {
  const at = flag.indexOf('=');
  if (at < 1 || at === flag.length - 1) throw new UsageError(`--adapter: found "${flag}", must be ID=ADAPTER, such as mine=./kernel.ts`);
  return [flag.slice(0, at), flag.slice(at + 1)];
}
