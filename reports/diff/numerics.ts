import { resolveNumeric } from '../../spec/numeric/profile.js';
import type { AdapterResult, DType, Result } from '../../spec/types/documents.js';
import { numericLines } from '../result/numeric-lines.js';
import { adapterPairs } from './adapters.js';

/** Changed line of an adapter's numeric profile. */
export interface NumericChange {
  readonly adapter: string;
  readonly dtype: DType;
  readonly key: string;
  readonly old: string;
  readonly now: string;
  /** True if larger errors are allowed; another tile may go either way. */
  readonly looser: boolean;
}

export function numericChanges(old: Result, now: Result): NumericChange[] {
  return adapterPairs(old, now).flatMap(({ id, old: before, now: after }) => {
    const dtypes = dtypesOf(before).filter((dtype) => dtypesOf(after).includes(dtype));
    return dtypes.flatMap((dtype) => {
      const [a, b] = [before, after].map(({ capabilities }) => resolveNumeric(dtype, capabilities?.numeric));
      return numericLines
        .filter(({ text }) => text(a) !== text(b))
        .map(({ key, text, rank }) => ({
          adapter: id,
          dtype,
          key,
          old: text(a),
          now: text(b),
          looser: rank !== undefined && rank(b) > rank(a),
        }));
    });
  });
}

function dtypesOf({ capabilities }: AdapterResult): readonly DType[] {
  return capabilities?.dtypes ?? [];
}
