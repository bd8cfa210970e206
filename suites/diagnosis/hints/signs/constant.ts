import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Comparand } from '../../../judging/compared.js';

const LEAST_VALUES = 4;

/** One number in every element, where at least four distinct ones are expected. */
export function constantHint({ output, actual, expected }: Comparand): string | undefined {
  const values = valuesOf(actual);
  const [first] = values;
  if (!Number.isFinite(first) || !values.every((x) => x === first)) return undefined;
  return new Set(expected.value).size < LEAST_VALUES ? undefined : `every element of ${output} is ${first}`;
}
