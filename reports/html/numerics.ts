import { resolveNumeric } from '../../spec/numeric/profile.js';
import { numericLines } from '../result/numeric-lines.js';
import type { Implementation } from './implementations.js';
import type { NumericData } from './site-data.js';

/** The numeric profile of each implementation and dtype that it claims, declared or not. */
export function numericsOf(implementations: readonly Implementation[]): NumericData[] {
  return implementations.flatMap(({ adapter: { id, capabilities } }, implementation) =>
    (capabilities?.dtypes ?? []).map((dtype) => {
      const profile = resolveNumeric(dtype, capabilities?.numeric, `the capabilities of ${id}`);
      return { implementation, dtype, lines: Object.fromEntries(numericLines.map(({ key, text }) => [key, text(profile)])) };
    }),
  );
}
