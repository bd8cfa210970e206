import { worstWarnings } from '../result/worst-warnings.js';
import type { Implementation } from './implementations.js';
import type { WarningData } from './site-data.js';

/** @param places indices of checks, by id. */
export function warningsOf(implementations: readonly Implementation[], places: ReadonlyMap<string, number>): WarningData[] {
  return implementations.flatMap(({ checks }, implementation) =>
    worstWarnings([...checks.values()]).map(({ output, kind, ratio, text, id, checks: count }) => ({
      implementation,
      output,
      kind,
      ratio,
      text,
      check: places.get(id) ?? -1,
      checks: count,
    })),
  );
}
