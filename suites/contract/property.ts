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
  /** True for a forward call that is captured, or is a replay of the one that was, if that one's tensors have the same shapes. */
  readonly captured?: true;
}

/** Judgement on a case of a check. */
export type Judgement =
  | PassJudgement
  | { readonly status: 'undecided'; readonly reason: string }
  /** The answers lack an optional part that the property needs. Other cases will lack it too. */
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
  /** Failure class, which shrinking keeps: `value`, `lse`, `gradient`, `empty-row`, `nan`, `shape`, `dtype`, `visibility`, `refused`, … */
  readonly class: string;
  readonly output?: string;
  readonly index?: readonly number[];
  readonly expected?: JsonNumber;
  readonly actual?: JsonNumber;
  readonly bound?: JsonNumber;
  readonly message: string;
  /** Usual fault of kernels with this symptom. */
  readonly hint?: string;
  /** Explanations of the case: the hint's or, without a hint, the remaining ones. */
  readonly explanations?: readonly Explanation[];
  /** Diagnosis from which the hint was made, if other failing cases can improve it. */
  readonly diagnosis?: Diagnosis;
  /** Conventions seen in the kernel, in place of the declared ones. */
  readonly dialect?: Dialect;
  /** Index of the property's call that gave the output. */
  readonly call?: number;
  /** Index of the call with the expected answer, if no formula decides which of two is right. */
  readonly against?: number;
}

/** Data by which a property judges a case. */
export interface JudgeContext {
  readonly case: Case;
  /** Claims by which the case was drawn. */
  readonly claims: Claims;
  readonly numeric: NumericProfile;
  /** The property's calls for the case. */
  readonly calls: readonly CallSpec[];
  /**
   * Outputs of each of the property's calls, in order: contiguous, in layout bhld, claimed ones
   * only, with checked shapes and dtypes.
   */
  readonly results: readonly Tensors[];
  /** Returns the oracle's problem for a case (memoised); with `gradients` also the cotangents. */
  problem(c: Case, gradients?: boolean): Problem;
  /** Returns the oracle's answer for a case (memoised). */
  expectation(c: Case, gradients: boolean): Expectation;
  /**
   * Returns the oracle's answer to a hypothetical problem that may explain a failure.
   * @param rows rows of a forward pass to compute; the rest is undecided.
   */
  evaluate(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation;
  /** True if failures are to be explained, which takes the oracle's answers to many problems. */
  readonly diagnosing: boolean;
  /** The only hypotheses to try; if absent, all are tried. */
  readonly supposed?: readonly Hypothesis[];
  /** Collects error ÷ bound and ULPs of outputs for the check's statistics. */
  readonly statistics: StatisticsSink;
}

/** Statistics of one output's distance from the oracle, over its elements; the form of a result's `error`. */
export interface OutputStatistics {
  /** Number of elements with a finite bound. */
  elements: number;
  undecided: number;
  /** Why elements are undecided, once for each cause; absent where none is. */
  because?: string[];
  maxOverBound: number;
  /** Counts of error ÷ bound in [0, 0.1), [0.1, 0.2), … [0.9, 1], above 1. */
  histogram: number[];
  /** Largest error in ULPs: distances between neighbouring numbers of the output's dtype at the expected value. */
  maxUlp: number;
  /** Error sums from which warnings are made, if the property gives them; not part of a result. */
  errors?: ErrorSums;
  /**
   * Passed cases, and their summed shares of elements with telling bounds; not part of a result.
   */
  told?: { readonly cases: number; readonly shares: number };
  /** Zeros of a wrong sign, for a warning; not part of a result. Absent if there are none. */
  zeroSigns?: ZeroSigns;
}

/** Numbers of zeros with a wrong sign. The values are right. */
export interface ZeroSigns {
  /** Zeros with a sign that depends on unseen keys and values. */
  readonly hidden: number;
  /** Zeros that are −0 in a row without keys. */
  readonly empty: number;
}

export interface StatisticsSink {
  add(output: string, statistics: OutputStatistics): void;
}

export interface Property {
  readonly name: string;
  readonly title: string;
  /** True if there is one check per mask; otherwise one check draws its masks. */
  readonly perMask: boolean;
  /** True if checks are also planned for each feature and for +all. */
  readonly perFeature: boolean;
  /** There is one check per scheme: set for the parallel properties. */
  readonly perScheme?: true;
  /** The property is checked on the simulated transport only, since no other transport can reorder or lose messages at will. */
  readonly simulatedOnly?: true;
  /** The property itself judges jobs that end without a result; for other properties they are failures. */
  readonly outcomes?: true;
  /** The property judges by derived bounds. Cases differ in how near they come to them, and `--hunt` searches for the nearest. */
  readonly bounded?: true;
  /**
   * Its calls depend on the claims and the dtype alone. A failure is reported with the failing
   * call's case, and does not shrink.
   */
  readonly fixedCalls?: true;
  /** The property holds an operator to laws of its document, to which its own program is held too. */
  readonly law?: true;
  /** Tells whether the property says anything of an operator. If it does not, no check is planned. If absent, it speaks of every operator. */
  readonly speaksOf?: (operator: Operator) => boolean;
  /** Requirements on its cases. */
  readonly needs: CaseNeeds;
  /** Largest number of cases of a check, if its calls depend on little that is drawn. If absent, as many as the run has. */
  readonly cases?: number;
  /** Reason why an adapter with these claims, or the operator by its program, cannot be checked; undefined if it can. */
  unsupported(capabilities: FullCapabilities, operator?: Operator): string | undefined;
  /** Returns the calls to judge. */
  calls(c: Case, claims: Claims): CallSpec[];
  judge(context: JudgeContext): Judgement;
}
