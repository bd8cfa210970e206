import { hasUnseenRanks } from '../../../adapters/parallel/job/rank-outputs.js';
import { coverageLabels } from '../../../generators/coverage.js';
import { problemOf } from '../../../generators/problem.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Problem } from '../../../spec/problem.js';
import { rankZeroAlone } from '../../../spec/scheme/rank-zero-alone.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Property } from '../../contract/property.js';
import { ownOutputs } from '../../diagnosis/own-outputs.js';
import { weightsReadings } from '../../diagnosis/weights/reading.js';
import { propertyNamed } from '../../properties/index.js';
import { judgeCase } from '../../properties/lib/judge-case.js';
import type { ReadBytes } from '../host/answer-data.js';
import { unpack } from '../host/wire.js';
import { type Outcome, oracleError } from '../run/outcome.js';
import { addCounts, addStatistics } from '../run/statistics.js';
import { failureTensors } from './failure-tensors.js';
import type { CaseSegment, CaseToJudge, Judged, JudgeReply, JudgeStart, JudgeTask, SentData } from './judge-protocol.js';

/** Properties judged on failing cases only. */
const questions: readonly Property[] = [...weightsReadings, ownOutputs];

type JudgeWork = Extract<JudgeTask, { type: 'judge' }>;

/** Shared: it crosses threads once per message */
const passed: Outcome = { status: 'pass' };

/** Computes right answers and bounds, without kernels. */
export class CaseJudge {
  private readonly library: SpecLibrary;
  private readonly claimed = new Map<string, Claims>();

  constructor(
    { documents }: JudgeStart,
    private readonly open?: (descriptor: number) => ReadBytes,
  ) {
    this.library = createLibrary(documents);
  }

  register(adapter: string, claims: Claims): void {
    this.claimed.set(adapter, claims);
  }

  /** Returns undefined for one-way messages. */
  answer(task: JudgeTask): JudgeReply | undefined {
    if (task.type === 'claims') {
      const capabilities = resolveCapabilities(task.claims.capabilities, task.adapter, task.claims.dialect);
      this.register(task.adapter, Claims.of(this.library, capabilities));
      return undefined;
    }
    try {
      const property = (questions.find(({ name }) => name === task.property) ?? propertyNamed(task.property)) as Property;
      const whole = this.claimed.get(task.adapter) as Claims;
      if (task.type === 'judge') return { ok: this.judge(task, property, whole) };
      const claims = whole.forScheme(task.case.parallel?.scheme);
      return typeof claims === 'string'
        ? { error: claims }
        : { ok: failureTensors(claims, property, { ...task, data: this.opened(task.data) }) };
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }

  private opened(data: SentData): ArrayBuffer | ReadBytes {
    if (typeof data !== 'number') return data;
    if (!this.open) throw new Error('this judge reads no files');
    return this.open(data);
  }

  private judge(task: JudgeWork, property: Property, whole: Claims): Judged {
    const outcomes: Outcome[] = [];
    const segments: CaseSegment[] = [];
    let segment = newSegment();
    for (const item of task.cases) {
      const outcome = this.judgeOne(property, whole, item, task, segment);
      outcomes.push(outcome);
      segment.cases++;
      if (outcome.status !== 'failed' && !item.ends) continue;
      segments.push(segment);
      segment = newSegment();
    }
    if (segment.cases > 0) segments.push(segment);
    return { outcomes, segments };
  }

  private judgeOne(
    property: Property,
    whole: Claims,
    item: CaseToJudge,
    { data, diagnose, suppose }: JudgeWork,
    segment: ReturnType<typeof newSegment>,
  ): Outcome {
    let first: Problem | undefined;
    try {
      const claims = whole.forScheme(item.case.parallel?.scheme);
      if (typeof claims === 'string') return oracleError(claims);
      const { judgement, statistics } = judgeCase(
        property,
        {
          claims,
          undiagnosed: diagnose !== true,
          ...(suppose && { supposed: suppose }),
          expectationOf,
          problemOf: (own, c, gradients) => {
            const problem = problemOf(own, c, gradients);
            if (c === item.case) first ??= problem;
            return problem;
          },
        },
        item.case,
        item.calls.map((records) => unpack(records, this.opened(data[item.data]))),
      );
      // redrawn cases count at their next draw
      if (judgement.status !== 'pass') for (const own of Object.values(statistics)) delete own.told;
      addStatistics(segment.statistics, statistics);
      if (judgement.status === 'undecided' || judgement.status === 'unsupported') return judgement;
      for (const label of labelsOf(item.case, first, claims)) segment.coverage[label] = (segment.coverage[label] ?? 0) + 1;
      if (item.calls.some(hasUnseenRanks)) addCounts(segment.coverage, { [rankZeroAlone]: 1 });
      if (judgement.status === 'pass') return judgement.refutes ? judgement : passed;
      const { status: _, ...failure } = judgement;
      return { status: 'failed', verdict: 'fail', ...failure };
    } catch (error) {
      return oracleError(error instanceof Error ? error.message : String(error));
    }
  }
}

function labelsOf(c: Case, problem: Problem | undefined, claims: Claims): string[] {
  return coverageLabels(c, (problem ?? problemOf(claims, c)).mask, claims.capabilities);
}

function newSegment() {
  return { cases: 0, statistics: {}, coverage: {} as Record<string, number> };
}
