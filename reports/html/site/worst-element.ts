import type { FailureSummary } from '../../../spec/types/documents.js';
import { showNumber } from './show-number.js';

/** Where a failure is worst, as terms and texts: what is not known is left out. */
export function worstElement({ output, index, expected, actual, bound }: FailureSummary): [string, string][] {
  const ratio = Math.abs(Number(actual) - Number(expected)) / Number(bound);
  const all: [string, string | number | undefined][] = [
    ['at', output && `${output}${index ? `[${index.join(', ')}]` : ''}`],
    ['expected', expected],
    ['actual', actual],
    ['bound', bound],
    ['error ÷ bound', Number.isFinite(ratio) ? showNumber(ratio) : undefined],
  ];
  return all.flatMap(([term, value]): [string, string][] => (value === undefined ? [] : [[term, String(value)]]));
}
