import type { Result } from '../../spec/types/documents.js';
import { worstWarnings } from '../result/worst-warnings.js';

/** Writes the worst warning for each adapter, output and kind, and their number. */
export function warningLines({ checks: all }: Result): string[] {
  return worstWarnings(all).map(
    ({ adapter, kind, output, text, checks, id }) =>
      `${adapter} ${kind} of ${output}: ${text} (${checks === 1 ? id : `${checks} checks, the worst ${id}`})`,
  );
}
