import type { AdapterResult } from '../../spec/types/documents.js';

/** Returns an adapter's version, or that of the package of its name in the environment. */
export function versionOf({ id, version, environment }: Pick<AdapterResult, 'id' | 'version' | 'environment'>): string | null {
  if (version !== null) return version;
  const [name] = id.split('-');
  const found = Object.entries(environment).find(([key, value]) => (key === name || key.startsWith(`${name}-`)) && /^\d+\.\d/.test(value));
  return found?.[1] ?? null;
}
