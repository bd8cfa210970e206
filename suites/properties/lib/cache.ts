import { isPaged, pagesAfter } from '../../../generators/history/pages.js';
import { calls as callsOf, play, sizesOf } from '../../../generators/history/play.js';
import { withinLimits } from '../../../generators/lib/limits.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { Case, Operation } from '../../../spec/types/documents.js';
import type { CallSpec, FailJudgement, JudgeContext, Judgement } from '../../contract/property.js';
import { sameBits } from '../../judging/bits.js';
import { judgeCall } from './compare-call.js';
import { firstFailure } from './first-failure.js';

/** Replaces the history, and the sizes that follow from it. */
export function withHistory(c: Case, history: Operation[]): Case {
  return { ...c, dims: { ...c.dims, ...sizesOf(play(history)) }, history };
}

/** One call for each append within the limits; the last call is the case itself. */
export function appendCalls(c: Case, { limits }: Pick<FullCapabilities, 'limits'>): CallSpec[] {
  const earlier = callsOf(c.history ?? []).slice(0, -1);
  const within = earlier.map((history) => withHistory(c, history)).filter(({ dims }) => withinLimits(limits, dims));
  return [...within, c].map((subject) => ({ command: 'forward', case: subject }));
}

/** Judges calls up to the first wrong one, with the pages of appends bit by bit. */
export function judgeCalls(context: JudgeContext): Judgement {
  return firstFailure(context.calls.keys(), (call) => {
    const judgement = judgeCache(context, call) ?? judgeCall(context, call);
    return judgement.status === 'fail' ? { ...judgement, message: `${callIn(context, call)}: ${judgement.message}` } : judgement;
  });
}

/** Fails an append whose pages are not the old contents with the new tokens in their slots. */
export function judgeCache(context: JudgeContext, call: number): FailJudgement | undefined {
  const { case: c } = context.calls[call];
  if (!isPaged(c) || !appends(context.claims.capabilities)) return undefined;
  const pages = pagesAfter(context.claims, c);
  const given = context.results[call];
  return sameBits(pages, Object.fromEntries(Object.keys(pages).map((name) => [name, given[name]])), {
    class: 'cache',
    call,
    describe: (place, expected, actual) => `${place} is ${actual} after the call, must be ${expected}: [page, slot, …]`,
  });
}

function appends({ pages }: FullCapabilities): boolean {
  return pages?.append ?? false;
}

function callIn({ calls }: JudgeContext, call: number): string {
  return `call ${call + 1} of ${calls.length}`;
}
