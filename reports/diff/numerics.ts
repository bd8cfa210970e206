import { resolveNumeric } from '../../spec/numeric/profile.js';
import type { AdapterResult, DType, Result } from '../../spec/types/documents.js';
import { numericLines } from '../result/numeric-lines.js';
import { adapterPairs } from './adapters.js';

/** A line of the numeric profile by which an adapter's errors are bounded, now another than before. */
export interface NumericChange {
  readonly adapter: string;
  readonly dtype: DType;
  /** As the capabilities name it. */
  readonly key: string;
  readonly old: string;
  readonly now: string;
  /** Allows larger errors than before. A different tile moves the bound one way or the other, with the number of keys. */
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
