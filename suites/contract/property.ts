import type { CaseNeeds } from '../../generators/lib/needs.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { Claims } from '../../spec/claims/claims.js';
import type { NumericProfile } from '../../spec/numeric/profile.js';
import type { RowFilter } from '../../spec/oracle/softmax-forward.js';
import type { Expectation, Problem } from '../../spec/problem.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Case, Dialect, Explanation, JsonNumber, Operator } from '../../spec/types/documents.js';
import type { Diagnosis, Hypothesis } from './diagnosis.js';
import type { ErrorSums } from './error-sums.js';

/** Call to the kernel. Its tensors are a function of its case. */
export interface CallSpec {
  readonly command: 'forward' | 'backward';
  readonly case: Case;
  /** Captures the forward call, or replays the captured one if its tensors have the same shapes. */
  readonly captured?: true;
}

/** Judgement on a case. */
export type Judgement =
  | PassJudgement
  | { readonly status: 'undecided'; readonly reason: string }
  /** The answers lack an optional part that the property needs, and would for every case. */
  | { readonly status: 'unsupported'; readonly reason: string }
  | FailJudgement;

export interface PassJudgement {
  readonly status: 'pass';
  /** Tried hypotheses under which the outputs would be wrong. */
  readonly refutes?: readonly Hypothesis[];
  /** Tried hypotheses under which the outputs would be right too. */
  readonly allows?: readonly Hypothesis[];
}

export interface FailJudgement {
  readonly status: 'fail';
  /** Failure class, kept by shrinking: `value`, `lse`, `gradient`, `nan`, `shape`, `refused`, … */
  readonly class: string;
  readonly output?: string;
  readonly index?: readonly number[];
  readonly expected?: JsonNumber;
  readonly actual?: JsonNumber;
  readonly bound?: JsonNumber;
  readonly message: string;
  readonly hint?: string;
  /** Explanations of the case: the hint's, or all that remain possible without one. */
  readonly explanations?: readonly Explanation[];
  /** Diagnosis behind the hint, if other failing cases can improve it. */
  readonly diagnosis?: Diagnosis;
  /** Observed conventions that contradict the declared dialect. */
  readonly dialect?: Dialect;
  /** Index of the property's call that gave the output. */
  readonly call?: number;
  /** Index of the call that gave the expected answer, if no formula says which of two is right. */
  readonly against?: number;
}

/** Data for judging a case. */
export interface JudgeContext {
  readonly case: Case;
  readonly claims: Claims;
  readonly numeric: NumericProfile;
  readonly calls: readonly CallSpec[];
  /** Outputs of each call, in order: claimed only, contiguous, layout bhld, shapes checked. */
  readonly results: readonly Tensors[];
  /** Returns the oracle's problem for a case (memoised), with cotangents if `gradients`. */
  problem(c: Case, gradients?: boolean): Problem;
  expectation(c: Case, gradients: boolean): Expectation;
  /** Returns the oracle's answer to a hypothetical problem; `rows` limits it to some rows. */
  evaluate(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation;
  /** Failures are to be explained, at the cost of many oracle answers. */
  readonly diagnosing: boolean;
  /** The only hypotheses to try; default: all. */
  readonly supposed?: readonly Hypothesis[];
  readonly statistics: StatisticsSink;
}

/** Statistics of one output's errors over its elements; the form of a result's `error`. */
export interface OutputStatistics {
  /** Number of elements with a finite bound. */
  elements: number;
  undecided: number;
  /** Causes of undecided elements, once each. */
  because?: string[];
  maxOverBound: number;
  /** Counts of error ÷ bound in [0, 0.1), [0.1, 0.2), … [0.9, 1], above 1. */
  histogram: number[];
  /** Largest error in ULPs: spacings of the output's dtype at the expected value. */
  maxUlp: number;
  /** Error sums for warnings; not part of a result. */
  errors?: ErrorSums;
  /** Passed cases; sum of their shares of elements with telling bounds. Not part of a result. */
  told?: { readonly cases: number; readonly shares: number };
  /** Zeros with the wrong sign, for a warning; not part of a result. */
  zeroSigns?: ZeroSigns;
}

/** Numbers of zeros with the wrong sign. The values are right. */
export interface ZeroSigns {
  /** Zeros with a sign that depends on keys and values that no query sees. */
  readonly hidden: number;
  /** −0 in rows without keys. */
  readonly empty: number;
}

export interface StatisticsSink {
  add(output: string, statistics: OutputStatistics): void;
}

export interface Property {
  readonly name: string;
  readonly title: string;
  /** One check per mask; otherwise one check draws its masks. */
  readonly perMask: boolean;
  /** Checks are also planned for each feature and for +all. */
  readonly perFeature: boolean;
  readonly perScheme?: true;
  /** Needs the simulated transport: no other can reorder or lose messages at will. */
  readonly simulatedOnly?: true;
  /** Judges jobs that end without a result, which fail other properties. */
  readonly outcomes?: true;
  /** Judges by derived bounds, so `--hunt` can search for cases near them. */
  readonly bounded?: true;
  /** The calls depend on claims and dtype only, so the failing call is reported and not shrunk. */
  readonly fixedCalls?: true;
  /** Holds an operator to the laws of its document, which bind the document's program too. */
  readonly law?: true;
  /** False if the property does not apply to an operator, so that no check is planned. */
  readonly speaksOf?: (operator: Operator) => boolean;
  readonly needs: CaseNeeds;
  /** Most cases of a check, if calls depend on few drawn values. Default: the run's number. */
  readonly cases?: number;
  /** Returns why an adapter with these claims, or the operator, cannot be checked. */
  unsupported(capabilities: FullCapabilities, operator?: Operator): string | undefined;
  calls(c: Case, claims: Claims): CallSpec[];
  judge(context: JudgeContext): Judgement;
}
