import { isPaged, pagesAfter } from '../../generators/history/pages.js';
import { calls as callsOf, play, sizesOf } from '../../generators/history/play.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { Case, Operation } from '../../spec/types/documents.js';
import type { CallSpec, FailJudgement, JudgeContext, Judgement } from '../properties/property.js';
import { sameBits } from './bits.js';
import { judgeCall } from './compare-call.js';
import { firstFailure } from './first-failure.js';

/** The case of the call that a history ends with, in place of another history's. */
export function withHistory(c: Case, history: Operation[]): Case {
  return { ...c, dims: { ...c.dims, ...sizesOf(play(history)) }, history };
}

/** A call for each append of the case's history, in order; the last is the case itself, and the only one where it has no history. */
export function appendCalls(c: Case): CallSpec[] {
  const histories = callsOf(c.history ?? []);
  if (histories.length === 0) return [{ command: 'forward', case: c }];
  return histories.map((history, at) => ({ command: 'forward', case: at === histories.length - 1 ? c : withHistory(c, history) }));
}

/** The first of the calls that is wrong: its pages, to the bit, where it appends; its output and LSE by the oracle. */
export function judgeCalls(context: JudgeContext): Judgement {
  return firstFailure(context.calls.keys(), (call) => {
    const judgement = judgeCache(context, call) ?? judgeCall(context, call);
    return judgement.status === 'fail' ? { ...judgement, message: `${callIn(context, call)}: ${judgement.message}` } : judgement;
  });
}

/** Where a call leaves the pages other than with the new tokens in their slots and every other slot as it was. */
export function judgeCache(context: JudgeContext, call: number): FailJudgement | undefined {
  const { case: c } = context.calls[call];
  if (!isPaged(c) || !appends(context.claims.capabilities)) return undefined;
  const { k_pages, v_pages } = context.results[call];
  return sameBits(
    pagesAfter(context.claims.library, c),
    { k_pages, v_pages },
    {
      class: 'cache',
      call,
      describe: (place, expected, actual) => `${place} is ${actual} after the call, must be ${expected}: [page, slot, key head, channel]`,
    },
  );
}

function appends({ pages }: FullCapabilities): boolean {
  return pages?.append ?? false;
}

function callIn({ calls }: JudgeContext, call: number): string {
  return `call ${call + 1} of ${calls.length}`;
}
