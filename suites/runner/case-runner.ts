import type { FullCapabilities } from '../../adapters/capabilities.js';
import type { Case } from '../../spec/types/documents.js';
import type { CallSpec, Property } from '../properties/property.js';
import type { HostCase } from './host.js';
import type { HostSlot } from './host-slot.js';
import type { Judges } from './judge.js';
import type { Judged, Segment } from './judge-protocol.js';
import { died, faultOutcome, type Outcome, oracleError, timedOut } from './outcome.js';

/** A case with its calls. */
export interface CalledCase {
  readonly case: Case;
  readonly calls: readonly CallSpec[];
}

/** Calls a kernel for cases, and has its answers judged. */
export class CaseRunner {
  constructor(
    readonly adapter: string,
    readonly property: Property,
    readonly capabilities: FullCapabilities,
    readonly slot: HostSlot,
    private readonly judges: Judges,
  ) {}

  /** What the kernel made of the cases: shorter where one of them, the last, ended its process. */
  call(cases: readonly CalledCase[]): Promise<HostCase[]> {
    return this.slot.run(cases.map((c) => c.calls));
  }

  /** Judges answers, in order. The buffers of the answers are handed over to the judge. */
  async judge(cases: readonly CalledCase[], answers: readonly HostCase[]): Promise<Judged> {
    const outcomes: Outcome[] = [];
    const segments: Segment[] = [];
    for (let at = 0; at < answers.length; ) {
      const fault = faultOf(answers[at]);
      if (fault) {
        outcomes.push(fault);
        segments.push({ cases: 1, statistics: {}, coverage: {} });
        at++;
        continue;
      }
      let end = at;
      while (end < answers.length && !faultOf(answers[end])) end++;
      const judged = await this.judgeGroup(cases.slice(at, end), answers.slice(at, end));
      outcomes.push(...judged.outcomes);
      segments.push(...judged.segments);
      at = end;
    }
    return { outcomes, segments };
  }

  /** Calls and judges. */
  async run(cases: readonly CalledCase[]): Promise<Outcome[]> {
    const answers = await this.call(cases);
    return [...(await this.judge(cases, answers)).outcomes];
  }

  private async judgeGroup(cases: readonly CalledCase[], answers: readonly HostCase[]): Promise<Judged> {
    const replies = answers.filter((a) => a.kind === 'reply');
    const data = [...new Set(replies.map((r) => r.data))];
    const work = replies.map((r, i) => ({ case: cases[i].case, calls: r.reply.calls, data: data.indexOf(r.data) }));
    try {
      return await this.judges.judge({ adapter: this.adapter, property: this.property.name, cases: work, data });
    } catch (error) {
      return {
        outcomes: cases.map(() => oracleError((error as Error).message)),
        segments: cases.map(() => ({ cases: 1, statistics: {}, coverage: {} })),
      };
    }
  }
}

/** What an answer comes to without a judge; undefined where it is for the judge. */
function faultOf(answer: HostCase): Outcome | undefined {
  switch (answer.kind) {
    case 'died':
      return died(answer, answer.printed);
    case 'timeout':
      return timedOut(answer.message, answer.printed);
    default:
      return answer.reply.fault && faultOutcome(answer.reply.fault);
  }
}
