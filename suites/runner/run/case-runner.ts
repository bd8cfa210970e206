import type { Claims } from '../../../spec/claims/claims.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Hypothesis } from '../../contract/diagnosis.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { type AnswerData, closeData, sentData } from '../host/answer-data.js';
import type { HostCase } from '../host/host.js';
import type { CaseSegment, CaseToJudge, FailureTensorFiles, Judged } from '../judge/judge-protocol.js';
import { died, type Failed, faultOutcome, type Outcome, oracleError, timedOut } from './outcome.js';
import type { Judging, Supervisor } from './supervisor.js';

/** Case with its calls. */
export interface CalledCase {
  readonly case: Case;
  readonly calls: readonly CallSpec[];
}

export interface JudgingOptions {
  readonly diagnose?: boolean;
  /** Gives every case its own segment, so its own statistics. */
  readonly each?: boolean;
  /** Explains failures by these hypotheses only; passes name the refuted ones. */
  readonly suppose?: readonly Hypothesis[];
}

/** Calls a kernel for the cases of a property, and has its answers judged. */
export class CaseRunner {
  constructor(
    readonly adapter: string,
    readonly property: Property,
    readonly claims: Claims,
    readonly supervisor: Supervisor,
    private readonly judges: Judging,
  ) {}

  /** Returns a runner with other claims, for a scheme with this kernel inside. */
  claiming(claims: Claims): CaseRunner {
    return new CaseRunner(this.adapter, this.property, claims, this.supervisor, this.judges);
  }

  asking(property: Property): CaseRunner {
    return new CaseRunner(this.adapter, property, this.claims, this.supervisor, this.judges);
  }

  /** Calls the kernel. If a case ends its process, that case's answer is the last. */
  call(cases: readonly CalledCase[]): Promise<HostCase[]> {
    return this.supervisor.run(cases.map((c) => c.calls));
  }

  /** Judges answers in order. Their buffers are transferred to the judge. */
  async judge(cases: readonly CalledCase[], answers: readonly HostCase[], options: JudgingOptions = {}): Promise<Judged> {
    const faults = answers.map(faultOf);
    const judged = await this.judgeReplies(cases, answers, faults, options);
    const outcomes: Outcome[] = [];
    const segments: CaseSegment[] = [];
    let [outcome, segment] = [0, 0];
    for (let at = 0; at < answers.length; ) {
      const fault = faults[at];
      const next = fault ? ownSegment : judged.segments[segment++];
      segments.push(next);
      for (let i = 0; i < next.cases; i++, at++) outcomes.push(fault ?? judged.outcomes[outcome++]);
    }
    return { outcomes, segments };
  }

  async run(cases: readonly CalledCase[], options: JudgingOptions = {}): Promise<Outcome[]> {
    const answers = await this.call(cases);
    return [...(await this.judge(cases, answers, options)).outcomes];
  }

  failureTensors(
    c: Case,
    answer: Extract<HostCase, { kind: 'reply' }> | undefined,
    { call, against }: Pick<Failed, 'call' | 'against'>,
  ): Promise<FailureTensorFiles | undefined> {
    const { adapter, property } = this;
    const data = answer ? sentData(answer.data) : new ArrayBuffer(0);
    const work = { adapter, property: property.name, case: c, calls: answer?.reply.calls ?? [], data };
    const files = this.judges
      .failureTensors({ ...work, ...(call !== undefined && { call }), ...(against !== undefined && { against }) })
      .catch(() => undefined);
    return files.finally(() => answer && closeData(answer.data));
  }

  /** Judges all replies at once, since they may share buffers. */
  private async judgeReplies(
    cases: readonly CalledCase[],
    answers: readonly HostCase[],
    faults: readonly (Outcome | undefined)[],
    { each = false, ...options }: JudgingOptions,
  ): Promise<Judged> {
    const data: AnswerData[] = [];
    const work: CaseToJudge[] = [];
    for (const [i, answer] of answers.entries()) {
      if (answer.kind !== 'reply' || faults[i]) continue;
      if (data.at(-1) !== answer.data) data.push(answer.data);
      work.push({ case: cases[i].case, calls: answer.reply.calls, data: data.length - 1, ends: each || faults[i + 1] !== undefined });
    }
    try {
      if (work.length === 0) return { outcomes: [], segments: [] };
      return await this.judges.judge({
        adapter: this.adapter,
        property: this.property.name,
        cases: work,
        data: data.map(sentData),
        ...options,
      });
    } catch (error) {
      return { outcomes: work.map(() => oracleError((error as Error).message)), segments: work.map(() => ownSegment) };
    } finally {
      for (const answer of answers) if (answer.kind === 'reply') closeData(answer.data);
    }
  }
}

const ownSegment: CaseSegment = { cases: 1, statistics: {}, coverage: {} };

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
