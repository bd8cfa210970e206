import type { Result } from '../../spec/types/documents.js';
import { groupBy } from '../result.js';

/** A line for each adapter, output and kind: the worst, and how many checks have it. */
export function warningLines({ checks }: Result): string[] {
  const all = checks.flatMap(({ adapter, id, warnings = [] }) => warnings.map((warning) => ({ ...warning, adapter, id })));
  return [...groupBy(all, ({ adapter, output, kind }) => `${adapter} ${kind} of ${output}`)].map(([what, found]) => {
    const worst = found.reduce((a, b) => (Math.abs(b.ratio) > Math.abs(a.ratio) ? b : a));
    return `${what}: ${worst.text} (${found.length === 1 ? worst.id : `${found.length} checks, the worst ${worst.id}`})`;
  });
}
