import type { FullDialect } from '../../../spec/dialect.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import { unravel } from '../../judging/compared.js';
import { type Oracle, problemUnder } from './candidate.js';
import { contradictionOf, describePoisoned, describeRefusal } from './describe.js';
import type { Evidence, Finding, ProbeAnswer, TellingElement } from './finding.js';
import type { DialectPlan } from './plan.js';
import { rangeAt } from './range.js';

/**
 * Infers whether NaN in hidden keys and values reaches the output; one leak anywhere counts. A
 * kernel disturbed by large numbers there sees hidden keys, so its NaN is no evidence.
 * @param calls triples: a clean call, one with large numbers, one with NaN.
 */
export function maskedNaN(
  plan: DialectPlan,
  calls: readonly number[],
  answers: readonly ProbeAnswer[],
  oracle: Oracle,
  dialect: FullDialect,
): Pick<Finding, 'status' | 'values' | 'reason' | 'evidence'> {
  const evidence: Evidence[] = [];
  for (let x = 0; x < calls.length; x += 3) {
    const [clean, large, poisoned] = calls.slice(x, x + 3);
    const seen = readPair(plan, clean, large, answers, oracle, dialect);
    const sees = seen.fits[0] !== 'shielded' && seen.element !== undefined;
    evidence.push(sees ? { ...seen, fits: [] } : readPair(plan, clean, poisoned, answers, oracle, dialect));
  }
  const speaking = evidence.filter(({ fits }) => fits.length > 0);
  if (speaking.length === 0)
    return { status: 'not-inferred', values: [], reason: 'its answers neither stay as they are nor become NaN', evidence };
  const leaks = speaking.some(({ fits }) => fits[0] === 'leaks');
  const differs = leaks && speaking.some(({ fits }) => fits[0] === 'shielded');
  return {
    status: 'inferred',
    values: [leaks ? 'leaks' : 'shielded'],
    ...(differs && { reason: `${contradictionOf(plan, speaking)}; what leaks anywhere leaks` }),
    evidence,
  };
}

function readPair(
  plan: DialectPlan,
  clean: number,
  poisoned: number,
  answers: readonly ProbeAnswer[],
  oracle: Oracle,
  dialect: FullDialect,
): Evidence {
  const c = plan.calls[poisoned].case;
  const [without, having] = [answers[clean], answers[poisoned]];
  if ('refused' in without) return { call: clean, text: describeRefusal(plan.calls[clean].case, without.refused), fits: [] };
  if ('refused' in having) return { call: poisoned, text: describeRefusal(c, having.refused), fits: [] };
  // an element with another range under the poison is not hidden, and skipped
  const problem = problemUnder(oracle, c, dialect);
  const expectation = oracle.evaluate(problem);
  const plain = problemUnder(oracle, plan.calls[clean].case, dialect);
  const untouched = oracle.evaluate(plain);
  let same: TellingElement | undefined;
  let changed: TellingElement | undefined;
  for (const [output, tensor] of Object.entries(having.outputs)) {
    const [before, after] = [valuesOf(without.outputs[output]), valuesOf(tensor)];
    for (let at = 0; at < after.length; at++) {
      const range = rangeAt(problem, expectation, output, at, tensor.dtype as DType);
      if (range === undefined || range === 'nan' || !Number.isFinite(before[at])) continue;
      const usual = rangeAt(plain, untouched, output, at, tensor.dtype as DType);
      if (usual === undefined || usual === 'nan' || usual.low !== range.low || usual.high !== range.high) continue;
      const element = { output, index: unravel(at, tensor.shape), expected: before[at], actual: after[at] };
      if (Number.isNaN(after[at])) return { call: poisoned, element, text: describePoisoned(c, element, true), fits: ['leaks'] };
      // two answers within the bound of one exact value differ by at most its range
      if (Object.is(before[at], after[at]) || Math.abs(before[at] - after[at]) <= range.high - range.low) same ??= element;
      else changed ??= element;
    }
  }
  if (changed) return { call: poisoned, element: changed, text: describePoisoned(c, changed, true), fits: [] };
  if (same) return { call: poisoned, element: same, text: describePoisoned(c, same, false), fits: ['shielded'] };
  return { call: poisoned, text: describeRefusal(c, 'no answer that is finite without the NaN'), fits: [] };
}
