import { overBound, ratioText } from '../../../../spec/numeric/over-bound.js';
import type { FailureSummary } from '../../../../spec/types/documents.js';

/** Describes the worst element as pairs of term and text, without unknown values. */
export function worstElement(element: FailureSummary): [string, string][] {
  const { output, index, expected, actual, bound } = element;
  const ratio = overBound(element);
  const all: [string, string | number | undefined][] = [
    ['at', output && `${output}${index ? `[${index.join(', ')}]` : ''}`],
    ['expected', expected],
    ['actual', actual],
    ['bound', bound],
    ['error ÷ bound', ratio === undefined || !Number.isFinite(ratio) ? undefined : ratioText(ratio)],
  ];
  return all.flatMap(([term, value]): [string, string][] => (value === undefined ? [] : [[term, numberText(value)]]));
}

function numberText(value: string | number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
