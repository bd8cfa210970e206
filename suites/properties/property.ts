import type { CaseNeeds } from '../../generators/needs.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { Claims } from '../../spec/claims/claims.js';
import type { NumericProfile } from '../../spec/numeric/profile.js';
import type { Expectation, Problem } from '../../spec/oracle/problem.js';
import type { RowFilter } from '../../spec/oracle/softmax-forward.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Case, JsonNumber, Operator } from '../../spec/types/documents.js';
import type { Diagnosis, Explanation } from '../diagnosis/hints/diagnosis.js';
import type { ErrorSums } from '../judging/error-sums.js';

/** One call to the kernel. Its tensors are a function of its case. */
export interface CallSpec {
  readonly command: 'forward' | 'backward';
  readonly case: Case;
}

/** How a case of a check came out. */
export type Judgement =
  | PassJudgement
  | { readonly status: 'undecided'; readonly reason: string }
  /** The answers lack what is asked about, which nobody has to give: no other case will have it. */
  | { readonly status: 'unsupported'; readonly reason: string }
  | FailJudgement;

export interface PassJudgement {
  readonly status: 'pass';
  /** Explanations, of those that were to be tried, under which the outputs would be wrong. */
  readonly refutes?: readonly Explanation[];
  /** Those that were tried, and under which the outputs would be right too. */
  readonly allows?: readonly Explanation[];
}

export interface FailJudgement {
  readonly status: 'fail';
  /** `value`, `lse`, `gradient`, `empty-row`, `nan`, `shape`, `dtype`, `visibility`, `refused`, … : what shrinking must keep. */
  readonly class: string;
  readonly output?: string;
  readonly index?: readonly number[];
  readonly expected?: JsonNumber;
  readonly actual?: JsonNumber;
  readonly bound?: JsonNumber;
  readonly message: string;
  /** What a kernel with this symptom usually does wrong. */
  readonly hint?: string;
  /** What the hint was made from, where other failing cases can tell more. */
  readonly diagnosis?: Diagnosis;
  /** Which of the property's calls gave the output. */
  readonly call?: number;
}

/** What a property sees when it judges. */
export interface JudgeContext {
  readonly case: Case;
  /** Claims by which it was drawn. */
  readonly claims: Claims;
  readonly numeric: NumericProfile;
  /** The property's calls for the case. */
  readonly calls: readonly CallSpec[];
  /** Outputs of each of the property's calls, in order; contiguous, layout bhld, only what was claimed, shapes and dtypes already checked. */
  readonly results: readonly Tensors[];
  /** The oracle's problem for a case (memoised); with `gradients` also the cotangents. */
  problem(c: Case, gradients?: boolean): Problem;
  /** The oracle's answer for a case (memoised). */
  expectation(c: Case, gradients: boolean): Expectation;
  /** The oracle's answer to a problem made up to explain a failure. @param rows of a forward pass; the others are undecided. */
  evaluate(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation;
  /** Failures are to be explained: it takes the oracle's answers to many problems. */
  readonly diagnosing: boolean;
  /** The only explanations to be tried; absent: all of them. */
  readonly supposed?: readonly Explanation[];
  /** Adds error ÷ bound and ULPs of an output to the check's statistics. */
  readonly statistics: StatisticsSink;
}

/** How far one output was from the oracle, over its elements; the form of a result's `error`. */
export interface OutputStatistics {
  /** Elements with a finite bound. */
  elements: number;
  undecided: number;
  maxOverBound: number;
  /** Counts of error ÷ bound in [0, 0.1), [0.1, 0.2), … [0.9, 1], above 1. */
  histogram: number[];
  /** Largest error in distances between neighbouring numbers of the output's type at the expected value. */
  maxUlp: number;
  /** What warnings are drawn from, of properties that give it; no part of a result. */
  errors?: ErrorSums;
}

export interface StatisticsSink {
  add(output: string, statistics: OutputStatistics): void;
}

export interface Property {
  readonly name: string;
  readonly title: string;
  /** One check per mask; otherwise one check that draws its masks. */
  readonly perMask: boolean;
  /** Also planned for each feature and for +all. */
  readonly perFeature: boolean;
  /** One check per scheme: of the parallel properties. */
  readonly perScheme?: true;
  /** Asked on the simulated transport only: nobody else orders or loses messages. */
  readonly simulatedOnly?: true;
  /** Jobs that end without a result are its own to judge; of other properties they are failures. */
  readonly outcomes?: true;
  /** Judged by derived bounds: a case may come nearer to them than another, and `--hunt` looks for the nearest. */
  readonly bounded?: true;
  /** What its cases must have. */
  readonly needs: CaseNeeds;
  /** Cases of a check at most: the calls depend on little that is drawn. Absent: as many as the run has. */
  readonly cases?: number;
  /** Why this property cannot be asked of an implementation with these claims, or of the operator by its program; undefined where it can. */
  unsupported(capabilities: FullCapabilities, operator?: Operator): string | undefined;
  /** The calls whose outputs it judges. */
  calls(c: Case, claims: Claims): CallSpec[];
  judge(context: JudgeContext): Judgement;
}
