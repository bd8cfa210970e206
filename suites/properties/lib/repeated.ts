import type { FailJudgement, JudgeContext, Judgement } from '../../contract/property.js';
import { identical } from '../../judging/bits.js';
import { judgeCache } from './cache.js';
import { judgeCall } from './compare-call.js';
import { sameAnswers } from './same-answers.js';

const KEPT = 'something is kept between calls: a workspace that is not cleared, or an answer that depends on how many calls there were';

/** Judges a call with earlier inputs: equal bits or, without determinism, as right as the first. */
export function judgeRepeated(context: JudgeContext, first: number, call: number): Judgement {
  const { results, calls, claims } = context;
  if (claims.capabilities.deterministic[calls[call].command]) {
    const pair = { first, before: results[first], after: results[call] };
    const failure = sameAnswers(context, pair, {
      class: 'stateless',
      call,
      describe: (place, before, after) =>
        `${place} is ${before} in call ${first + 1} and ${after} in call ${call + 1}, with the same inputs`,
    });
    return failure ?? { status: 'pass' };
  }
  if (identical(results[first], results[call])) return { status: 'pass' };
  const again = judgeOne(context, call);
  if (again.status !== 'fail' || judgeOne(context, first).status === 'fail') return { status: 'pass' };
  return asStateful(again, `call ${first + 1} is right, and call ${call + 1} with the same inputs is not: ${again.message}`, KEPT);
}

/** Judges the pages that a call leaves, if it appends, and its outputs. */
export function judgeOne(context: JudgeContext, call: number): Judgement {
  return judgeCache(context, call) ?? judgeCall(context, call);
}

/** Turns a failure into one of kept state. */
export function asStateful(judgement: FailJudgement, message: string, hint: string): FailJudgement {
  const { diagnosis: _, ...failure } = judgement;
  return { ...failure, class: 'stateless', message, hint };
}
