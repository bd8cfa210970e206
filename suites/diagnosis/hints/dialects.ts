import { type DialectAxis, dialectAxes, dialectFlags } from '../../../spec/dialect.js';
import type { Problem } from '../../../spec/problem.js';
import type { Case, Dialect } from '../../../spec/types/documents.js';
import type { Hypothesis } from '../../contract/diagnosis.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

const noAnswer: readonly DialectAxis[] = ['maskedNaN', 'booleanMask', 'defaultEps'];

/** Other values of the axes. Both outputs of empty rows may deviate together. */
export function* dialectHypotheses({ problem, problemOf, outputs }: Subject): Generator<ProblemHypothesis> {
  for (const axis of Object.keys(dialectAxes) as DialectAxis[]) {
    if (noAnswer.includes(axis)) continue;
    for (const change of otherValues(problem, axis)) {
      const dialect = { ...problem.dialect, ...change };
      const changed = { ...problem, dialect, mask: problemOf({ ...problem.case, dialect }).mask };
      yield { ...dialectHypothesis(problem, change), problem: changed };
      // a kernel may align its mask otherwise but not its ALiBi, which follows the mask's segments
      if (axis === 'causal' && problem.inputs.alibi) {
        const mask = { ...changed.mask, segmentOf: problem.mask.segmentOf };
        yield { ...dialectHypothesis(problem, change), problem: { ...problem, mask } };
      }
    }
  }
  if (!outputs.includes('lse')) return;
  for (const o of otherValues(problem, 'emptyOutput')) {
    for (const lse of otherValues(problem, 'emptyLse')) {
      const change = { ...o, ...lse };
      yield { ...dialectHypothesis(problem, change), problem: { ...problem, dialect: { ...problem.dialect, ...change } } };
    }
  }
}

/** Another default eps, for operators with this option. */
export function* epsHypotheses({ problem }: Subject): Generator<ProblemHypothesis> {
  if (!problem.operator.options?.eps || problem.case.options.eps !== undefined) return;
  for (const change of otherValues(problem, 'defaultEps'))
    yield { ...dialectHypothesis(problem, change), problem: { ...problem, dialect: { ...problem.dialect, ...change } } };
}

function otherValues(problem: Problem, axis: DialectAxis): Dialect[] {
  return dialectAxes[axis].filter((value) => problem.dialect[axis] !== value).map((value) => ({ [axis]: value }));
}

/** Deviating axes, with the flags that declare them. */
export function dialectHypothesis({ case: c }: Problem, change: Dialect): Hypothesis {
  return { text: `the dialect ${axisValues(change).join(' with ')}`, declare: declaringFlags(c, change) };
}

/** Axes with their values, as text. */
export function axisValues(dialect: Dialect): string[] {
  return Object.entries(dialect).map(([axis, value]) => `${axis}=${value}`);
}

/** Flags that declare a dialect, and the check that infers it. */
export function declaringFlags({ dtype, operator }: Case, dialect: Dialect): string {
  return `${dialectFlags(dialect)} (see the check ${operator}/any/dialect/${dtype})`;
}
