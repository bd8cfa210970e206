import type { AdapterResult } from '../../spec/types/documents.js';

/**
 * Version of an adapter: its own or, if it has none, that of the package it is named after, which its environment tells: onnxruntime-node of
 * onnxruntime-mha. Null if there is none.
 */
export function versionOf({ id, version, environment }: Pick<AdapterResult, 'id' | 'version' | 'environment'>): string | null {
  if (version !== null) return version;
  const [name] = id.split('-');
  const found = Object.entries(environment).find(([key, value]) => (key === name || key.startsWith(`${name}-`)) && /^\d+\.\d/.test(value));
  return found?.[1] ?? null;
}
