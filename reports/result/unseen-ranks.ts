import { rankZeroAlone } from '../../spec/scheme/rank-zero-alone.js';
import type { Result } from '../../spec/types/documents.js';

/** Writes a line for each adapter with outputs of rank 0 only. */
export function unseenRanks({ checks }: Pick<Result, 'checks'>): string[] {
  const cases = new Map<string, number>();
  for (const { adapter, coverage } of checks) {
    const unseen = coverage[rankZeroAlone] ?? 0;
    if (unseen > 0) cases.set(adapter, (cases.get(adapter) ?? 0) + unseen);
  }
  return [...cases].map(
    ([adapter, count]) =>
      `${adapter}: only rank 0 was judged in ${count} ${count === 1 ? 'case' : 'cases'}; to have every rank judged, name its file in "ranks[].outputs" of the reply`,
  );
}
