import { type CaseArbitrary, caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../../suites/contract/property.js';
import { noStatistics } from '../../../suites/judging/statistics.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import type { HostCase } from '../../../suites/runner/host/host.js';
import type { CaseSegment, JudgeTask } from '../../../suites/runner/judge/judge-protocol.js';
import { CaseRunner } from '../../../suites/runner/run/case-runner.js';
import type { Outcome } from '../../../suites/runner/run/outcome.js';

/** How a case comes out without any process or thread: a death, a timeout or a fault of the host, or what the judge says. */
export type FakeVerdict = Outcome | 'dies' | 'hangs' | 'throws' | 'out-of-memory' | 'judge-throws';

export const failed = (failureClass: string): Outcome => ({
  status: 'failed',
  verdict: 'fail',
  class: failureClass,
  message: failureClass,
});
export const pass: Outcome = { status: 'pass' };

/** Cases of softmax with everything that a runner's kernel claims. */
export function everyCase({ claims }: Pick<CaseRunner, 'claims'>): CaseArbitrary {
  const request = { operator: 'softmax', mask: 'any', feature: 'all', dtype: 'f32', needs: {} } as const;
  return caseArbitrary(claims, request);
}

/** A runner whose kernel and judge are a function of the case. @param latency milliseconds that the judge takes. */
export function fakeRunner(
  verdictOf: (c: Case) => FakeVerdict,
  latency: () => number = () => 0,
  capabilities = {},
  /** Error ÷ bound of a case. */
  ratioOf: (c: Case) => number = () => 0,
): CaseRunner & { readonly called: Case[] } {
  const called: Case[] = [];
  const slot = {
    restarts: 0,
    starting: 0,
    run: async (batch: readonly (readonly CallSpec[])[]): Promise<HostCase[]> => {
      const answers: HostCase[] = [];
      // one message holds the replies of several cases
      const data = new ArrayBuffer(8);
      for (const [{ case: c }] of batch) {
        called.push(c);
        const answer = answerFor(verdictOf(c), data);
        answers.push(answer);
        if (answer.kind === 'reply') continue;
        slot.restarts++;
        break;
      }
      return answers;
    },
  };
  const judges = {
    judge: async ({ cases, data }: Extract<JudgeTask, { type: 'judge' }>) => {
      // taken away, as by a thread: a buffer can be handed over once
      structuredClone(data, { transfer: [...data] });
      await new Promise((r) => setTimeout(r, latency()));
      const outcomes = cases.map(({ case: c }) => verdictOf(c));
      if (outcomes.includes('judge-throws')) throw new Error('the oracle is at a loss');
      const segments: CaseSegment[] = [];
      let from = 0;
      for (const [i, outcome] of (outcomes as Outcome[]).entries()) {
        if (outcome.status !== 'failed' && !cases[i].ends && i < cases.length - 1) continue;
        const passed = (outcomes as Outcome[]).slice(from, i + 1).filter((o) => o.status === 'pass').length;
        const maxOverBound = Math.max(...cases.slice(from, i + 1).map(({ case: c }) => ratioOf(c)));
        const statistics: CaseSegment['statistics'] = maxOverBound > 0 ? { o: { ...noStatistics(), elements: 1, maxOverBound } } : {};
        segments.push({ cases: i + 1 - from, statistics, coverage: { passed } });
        from = i + 1;
      }
      return { outcomes: outcomes as Outcome[], segments };
    },
  };
  const failureTensors = async () => {
    throw new Error('nothing is known of the tensors');
  };
  const claims = resolveCapabilities(
    { dtypes: ['f32'], operators: ['softmax'], masks: ['full', 'causal'], options: ['scale'], ...capabilities },
    'fake',
  );
  const runner = new CaseRunner('fake', propertyNamed('oracle') as Property, Claims.of(createLibrary(), claims), slot, {
    ...judges,
    failureTensors,
  });
  return Object.assign(runner, { called });
}

function answerFor(verdict: FakeVerdict, data: ArrayBuffer): HostCase {
  const reply = (fault?: 'error' | 'out-of-memory'): HostCase => ({
    kind: 'reply',
    reply: { calls: [], ...(fault && { fault: { kind: fault, message: fault, call: 0 } }) },
    data,
  });
  switch (verdict) {
    case 'dies':
      return { kind: 'died', class: 'SIGSEGV', message: 'died by signal SIGSEGV', printed: '' };
    case 'hangs':
      return { kind: 'timeout', message: 'no answer within 10 s', printed: '' };
    case 'throws':
      return reply('error');
    case 'out-of-memory':
      return reply('out-of-memory');
    default:
      return reply();
  }
}
