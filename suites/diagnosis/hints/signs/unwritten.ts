import type { DType } from '../../../../spec/tensor/dtype.js';
import { plausible, prefillOf } from '../../../../spec/tensor/prefill.js';
import { tensor, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import type { Comparand } from '../../../judging/compared.js';
import { wrongElements } from '../fits.js';

/** Fewest wrong elements of a narrow type: a single one may match by chance. */
const LEAST_NARROW = 4;

/** Every wrong element holds a number that its memory held before the call. */
export function unwrittenHint(comparand: Comparand, c: Case): string | undefined {
  const { output, actual } = comparand;
  if (prefillOf(c) !== 'plausible') return undefined;
  const dtype = actual.dtype as DType;
  const pattern = plausible(dtype);
  const before = new Set(valuesOf(tensor(dtype, [pattern.length], pattern)));
  const values = valuesOf(actual);
  let wrong = 0;
  for (const i of wrongElements(comparand)) {
    if (!before.has(values[i])) return undefined;
    wrong++;
  }
  if (wrong === 0 || (dtype !== 'f32' && dtype !== 'f64' && wrong < LEAST_NARROW)) return undefined;
  return `the wrong elements of ${output} hold the contents of its memory before the call: they are not written`;
}
