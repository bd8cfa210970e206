import { ratioText } from '../../../spec/numeric/over-bound.js';
import type { AccuracyWarning } from '../../../spec/types/documents.js';
import type { ErrorSums, MeanSums } from '../../contract/error-sums.js';
import type { ZeroSigns } from '../../contract/property.js';
import type { Statistics } from './statistics.js';

const least = { calls: 30, comparedCalls: 5, elements: 1000 };
/** Most error relative to a textbook implementation's: the rule of FlashAttention's tests. */
const tooLarge = 2;
/** Limits of a bias, in standard errors and relative to the RMS error (√3/2 for truncation). */
const bias = { standardErrors: 5, effect: 0.3 };

/** Warnings about errors within their bounds (NUMERICS, "Two tiers"), sorted by output. */
export function warningsOf(statistics: Statistics): AccuracyWarning[] {
  return Object.keys(statistics)
    .sort()
    .flatMap((output) => {
      const { errors, zeroSigns } = statistics[output];
      return [
        ...(errors ? [...accuracyOf(output, errors), ...biasOf(output, errors)] : []),
        ...(zeroSigns ? signsOf(output, zeroSigns) : []),
      ];
    });
}

function accuracyOf(output: string, { compared: { calls, elements, kernel, textbook } }: ErrorSums): AccuracyWarning[] {
  if (calls < least.comparedCalls || elements < least.elements || textbook === 0) return [];
  const ratio = short(kernel / textbook);
  if (!(ratio > tooLarge)) return [];
  return [
    { output, kind: 'accuracy', ratio, text: `${ratioText(ratio)} times the error of a textbook implementation of the same precision` },
  ];
}

function biasOf(output: string, errors: ErrorSums): AccuracyWarning[] {
  if (errors.calls < least.calls || errors.elements < least.elements || errors.squares === 0) return [];
  const outwards = effectOf(errors.outwards, errors);
  const upwards = effectOf(errors.upwards, errors);
  const leans = Math.abs(outwards) >= Math.abs(upwards);
  const ratio = short(leans ? outwards : upwards);
  if (!(Math.abs(ratio) > bias.effect)) return [];
  const [less, more] = leans ? ['towards zero', 'away from zero'] : ['downwards', 'upwards'];
  const text = `errors lean ${ratio < 0 ? less : more}: their mean is ${Math.abs(ratio)} of their root mean square`;
  return [{ output, kind: 'bias', ratio, text }];
}

/** Only a division shows the sign of a zero, so it is a warning and no failure. */
function signsOf(output: string, { hidden, empty }: ZeroSigns): AccuracyWarning[] {
  const found = [
    [hidden, 'keys and values that no query sees decide the sign of a zero'],
    [empty, 'rows without keys are -0'],
  ] as const;
  return found
    .filter(([elements]) => elements > 0)
    .map(([elements, what]) => ({
      output,
      kind: 'zero-sign',
      ratio: elements,
      text: `${what}, in ${elements} ${elements === 1 ? 'element' : 'elements'}`,
    }));
}

/** Mean ÷ root mean square; 0 if the mean is not significantly different from 0. */
function effectOf({ sum, squares }: MeanSums, { calls, elements, squares: all }: ErrorSums): number {
  const mean = sum / calls;
  const standardError = Math.sqrt(Math.max(0, squares / calls - mean ** 2) / (calls - 1));
  return Math.abs(mean) > bias.standardErrors * standardError ? mean / Math.sqrt(all / elements) : 0;
}

function short(x: number): number {
  return Number(x.toPrecision(2));
}
