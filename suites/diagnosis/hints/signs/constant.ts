import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Comparand } from '../../../judging/compared.js';

/** Different numbers that must be expected where one number is given. */
const LEAST_VALUES = 4;

/** One number in the place of every element. */
export function constantHint({ output, actual, expected }: Comparand): string | undefined {
  const values = valuesOf(actual);
  const [first] = values;
  if (!Number.isFinite(first) || !values.every((x) => x === first)) return undefined;
  return new Set(expected.value).size < LEAST_VALUES ? undefined : `every element of ${output} is ${first}`;
}
