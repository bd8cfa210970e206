import type { AccuracyWarning } from '../../../spec/types/documents.js';
import type { ErrorSums, MeanSums } from '../../judging/error-sums.js';
import type { Statistics } from './statistics.js';

/** Fewer calls or elements say nothing of a kernel. */
const least = { calls: 30, comparedCalls: 5, elements: 1000 };
/** An error is too large beyond so many times a textbook implementation's: the rule that FlashAttention's own tests use. */
const tooLarge = 2;
/** A bias is a mean error beyond so many standard errors, and at least so large beside the root mean square: cutting off gives √3/2. */
const bias = { standardErrors: 5, effect: 0.3 };

/** What is odd about errors that are within their bounds (NUMERICS, "Two tiers"), by output in alphabetical order. */
export function warningsOf(statistics: Statistics): AccuracyWarning[] {
  return Object.keys(statistics)
    .sort()
    .flatMap((output) => {
      const { errors } = statistics[output];
      return errors ? [...accuracyOf(output, errors), ...biasOf(output, errors)] : [];
    });
}

function accuracyOf(output: string, { compared: { calls, elements, kernel, textbook } }: ErrorSums): AccuracyWarning[] {
  if (calls < least.comparedCalls || elements < least.elements || textbook === 0) return [];
  const ratio = short(kernel / textbook);
  if (!(ratio > tooLarge)) return [];
  return [{ output, kind: 'accuracy', ratio, text: `${ratio} times the error of a textbook implementation of the same precision` }];
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

/** Mean ÷ root mean square; 0 where the calls do not tell it from 0. */
function effectOf({ sum, squares }: MeanSums, { calls, elements, squares: all }: ErrorSums): number {
  const mean = sum / calls;
  const standardError = Math.sqrt(Math.max(0, squares / calls - mean ** 2) / (calls - 1));
  return Math.abs(mean) > bias.standardErrors * standardError ? mean / Math.sqrt(all / elements) : 0;
}

function short(x: number): number {
  return Number(x.toPrecision(2));
}
