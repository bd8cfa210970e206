import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { SpecDocument } from '../../../spec/library.js';
import { giveBackJudge, takeJudge } from '../../../suites/runner/judge/judge-pool.js';
import type { JudgeReply, JudgeTask } from '../../../suites/runner/judge/judge-protocol.js';
import { operatorWith, scores } from '../../spec/program/fixtures.js';

const value = operatorWith([scores, ['o', ['dot', ['softmax', 's', 'n', { where: 'mask' }], 'v', 'n']]]);
const documents: SpecDocument[] = [{ kind: 'operator', document: 'mine.json', value }];

describe('judges', () => {
  it('that were given back are taken again by a run with the same documents, and by no other', async () => {
    const first = takeJudge(documents);
    giveBackJudge(first, documents);
    const other = takeJudge([]);
    expect(other).not.toBe(first);
    const again = takeJudge(structuredClone(documents));
    expect(again).toBe(first);
    // two runs never share one
    const second = takeJudge(documents);
    expect(second).not.toBe(first);
    await Promise.all([other, again, second].map((worker) => worker.terminate()));
  });

  it('answer the run that took them', async () => {
    const asked = (judge: Worker) => {
      const answer = new Promise<JudgeReply>((resolve) => judge.on('message', resolve));
      judge.postMessage({ type: 'judge', adapter: 'nobody', property: 'oracle', cases: [], data: [] } satisfies JudgeTask);
      return answer;
    };
    const judge = takeJudge(documents);
    expect(await asked(judge)).toHaveProperty('ok');
    giveBackJudge(judge, documents);
    const again = takeJudge(documents);
    expect(again).toBe(judge);
    expect(await asked(again)).toHaveProperty('ok');
    await again.terminate();
  });

  it('that ended at rest are not taken', async () => {
    const judge = takeJudge(documents);
    giveBackJudge(judge, documents);
    await judge.terminate();
    const next = takeJudge(documents);
    expect(next).not.toBe(judge);
    await next.terminate();
  });
});
