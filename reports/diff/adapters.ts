import type { AdapterResult, Result } from '../../spec/types/documents.js';

/** Returns the adapters that are in both results. */
export function adapterPairs(
  old: Result,
  now: Result,
): { readonly id: string; readonly old: AdapterResult; readonly now: AdapterResult }[] {
  return now.adapters.flatMap((adapter) => {
    const before = old.adapters.find(({ id }) => id === adapter.id);
    return before ? [{ id: adapter.id, old: before, now: adapter }] : [];
  });
}
