import { decodeFailure, type JobFailure } from '../../../adapters/parallel/job/job-failure.js';
import { deviatingRanks, hasUnseenRanks, ofRank, ownerName } from '../../../adapters/parallel/job/rank-outputs.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { axesOf, flatAxesOf } from '../../../spec/operator/facts.js';
import type { RowFilter } from '../../../spec/oracle/softmax-forward.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Hypothesis } from '../../contract/diagnosis.js';
import type { CallSpec, FailJudgement, JudgeContext, Judgement, OutputStatistics, Property } from '../../contract/property.js';
import { evidenceOf } from '../../diagnosis/hints/hints.js';
import { StatisticsCollector } from '../../judging/statistics.js';
import { checkOutputs, normalise } from './outputs.js';

/** Claims and oracle of a judgement. */
export interface Judge {
  readonly claims: Claims;
  problemOf(claims: Claims, c: Case, gradients: boolean): Problem;
  expectationOf(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation;
  /** Leaves failures unexplained, which takes most of their time. */
  readonly undiagnosed?: boolean;
  /** Only hypotheses to confirm; passes say which of them they refute. */
  readonly supposed?: readonly Hypothesis[];
}

export interface JudgedCase {
  readonly judgement: Judgement;
  readonly statistics: Record<string, OutputStatistics>;
}

/**
 * Judges a case by the raw outputs of its calls, in the case's layout, on every differing rank.
 * @throws {Error} if the oracle fails. @throws {RangeError} if the number of results is wrong.
 */
export function judgeCase(property: Property, judge: Judge, c: Case, results: readonly Tensors[]): JudgedCase {
  const calls = property.calls(c, judge.claims);
  if (calls.length !== results.length)
    throw new RangeError(`${property.name} makes ${calls.length} calls, but there are outputs of ${results.length}`);
  const oracle = new MemoisedOracle(judge, calls);
  const ranks = deviatingRanks(results);
  const whole = judgeRank(
    property,
    judge,
    c,
    ranks.length > 0 || results.some(hasUnseenRanks) ? results.map((r) => ofRank(r, 0)) : results,
    oracle,
  );
  if (whole.judgement.status === 'fail') return { ...whole, judgement: namingRank(whole.judgement, calls, results, oracle) };
  for (const rank of ranks) {
    const own = judgeRank(
      property,
      judge,
      c,
      results.map((r) => ofRank(r, rank)),
      oracle,
    );
    if (own.judgement.status === 'fail')
      return {
        ...own,
        judgement: { ...own.judgement, message: `rank ${rank} gave other outputs than rank 0, which is right: ${own.judgement.message}` },
      };
  }
  return whole;
}

function namingRank(
  failure: FailJudgement,
  calls: readonly CallSpec[],
  results: readonly Tensors[],
  oracle: MemoisedOracle,
): FailJudgement {
  const { call, output, index } = failure;
  if (call === undefined || output === undefined || index === undefined) return failure;
  const { case: c, command } = calls[call];
  if (!c.parallel) return failure;
  const axes = flatAxesOf(axesOf(oracle.problem(c, command === 'backward').operator, output) ?? []);
  const at = axes.findIndex((axis) => ownerName(axis) in results[call]);
  if (at < 0) return failure;
  return { ...failure, message: `rank ${results[call][ownerName(axes[at])].data[index[at]]}: ${failure.message}` };
}

function judgeRank(property: Property, judge: Judge, c: Case, results: readonly Tensors[], oracle: MemoisedOracle): JudgedCase {
  const { claims } = judge;
  const { capabilities } = claims;
  const calls = property.calls(c, claims);
  for (const [call, spec] of calls.entries()) {
    const outcome = decodeFailure(results[call]);
    if (outcome && property.outcomes) continue;
    const failure = outcome
      ? failedJob(outcome)
      : checkOutputs(spec, results[call], capabilities, oracle.problem(spec.case, spec.command === 'backward'));
    if (failure) return { judgement: { ...failure, call }, statistics: {} };
  }
  const statistics = new StatisticsCollector();
  const context: JudgeContext = {
    case: c,
    claims,
    numeric: resolveNumeric(c.dtype, capabilities.numeric),
    calls,
    results: calls.map((spec, call) => {
      if (results[call].outcome) return results[call];
      const outputs = normalise(spec, results[call], capabilities, oracle.problem(spec.case, spec.command === 'backward'));
      return spec.case.parallel ? { ...results[call], ...outputs } : outputs;
    }),
    problem: (other, gradients = false) => oracle.problem(other, gradients),
    expectation: (other, gradients) => oracle.expectation(other, gradients),
    // under a hypothesis other keys may weigh than the targeted ones
    evaluate: ({ focus: _, ...problem }, gradients, rows) => judge.expectationOf(problem, gradients, rows),
    diagnosing: judge.undiagnosed !== true,
    ...(judge.supposed && { supposed: judge.supposed }),
    statistics,
  };
  const judgement = property.judge(context);
  const passed = judgement.status === 'pass' && judge.supposed;
  return { judgement: passed ? { ...judgement, ...evidenceOf(context, passed) } : judgement, statistics: statistics.outputs };
}

function failedJob(outcome: JobFailure): FailJudgement {
  if ('refused' in outcome) return { status: 'fail', class: 'refused', message: `the scheme refused the case: ${outcome.refused}` };
  const { how, message, ranks } = outcome.failed;
  const others = ranks.flatMap((why, rank) => (why === null || why === message ? [] : [`rank ${rank}: ${why}`]));
  return { status: 'fail', class: how, message: [message, ...others].join('; ') };
}

/** Caches problems and expectations by the identity of their case. */
class MemoisedOracle {
  private readonly problems = [new Map<Case, Problem>(), new Map<Case, Problem>()];
  private readonly expectations = [new Map<Case, Expectation>(), new Map<Case, Expectation>()];

  constructor(
    private readonly judge: Judge,
    private readonly calls: readonly CallSpec[],
  ) {}

  problem(c: Case, gradients: boolean): Problem {
    // long inputs are made once: a backward pass also has the forward pass's
    const isShared = !gradients && c.values.distribution === 'targeted';
    if (isShared && this.calls.some((call) => call.case === c && call.command === 'backward')) return this.problem(c, true);
    const known = this.problems[Number(gradients)];
    let problem = known.get(c);
    if (!problem) {
      problem = this.judge.problemOf(this.judge.claims, c, gradients);
      known.set(c, problem);
    }
    return problem;
  }

  expectation(c: Case, gradients: boolean): Expectation {
    const known = this.expectations[Number(gradients)];
    let expectation = known.get(c);
    if (!expectation) {
      expectation = this.judge.expectationOf(this.problem(c, gradients), gradients);
      known.set(c, expectation);
    }
    return expectation;
  }
}
