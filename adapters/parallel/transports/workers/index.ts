import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Tensors } from '../../../../spec/tensor/tensor.js';
import type { Parallel } from '../../../../spec/types/documents.js';
import { type Call, Unavailable } from '../../../kernel.js';
import { copyOf } from '../copy.js';
import { SchemeFailed } from '../scheme-failed.js';
import {
  defaultLimits,
  type JobResults,
  joinReports,
  type Limits,
  type RankReport,
  type RankSetup,
  type Transport,
  tooSlow,
  tooSlowToStart,
} from '../transport.js';
import type { RankAnswer } from './protocol.js';
import { RankThread } from './rank-thread.js';

/** Milliseconds for ranks to end after a failure, before their threads are terminated. */
const grace = 1000;

/** Transport by worker threads, each with a kernel. */
export class WorkersTransport implements Transport {
  private threads: RankThread[] = [];

  constructor(
    private readonly setup: RankSetup,
    private readonly limits: Limits = {},
  ) {}

  async run({ case: c, tensors }: Call, backward: boolean): Promise<JobResults> {
    const { ranks } = c.parallel as Parallel;
    while (this.threads.length < ranks) this.threads.push(new RankThread(this.setup));
    const threads = this.threads.slice(0, ranks);
    const call = { case: c, tensors: copies(tensors) };
    const ports = connect(ranks);
    const answers = new Array<RankAnswer | undefined>(ranks).fill(undefined);
    let fail: (error: SchemeFailed | Unavailable) => void = () => {};
    const failed = new Promise<SchemeFailed | Unavailable>((resolve) => {
      fail = resolve;
    });
    const jobs = threads.map(async (thread, rank) => {
      const answer = await thread.run({ type: 'job', rank, call, backward, ports: ports[rank] });
      answers[rank] = answer;
      if (answer.type === 'unavailable') fail(new Unavailable(answer.reason, answer.remedy));
      if (answer.type === 'failed') {
        const what = answer.how === 'threw' ? `failed: ${answer.message}` : answer.message;
        fail(new SchemeFailed(answer.how, `rank ${rank} ${what}`));
      }
    });
    const { timeout, startTimeout } = { ...defaultLimits, ...this.limits };
    let timer = setTimeout(() => fail(tooSlowToStart(startTimeout)), startTimeout);
    let over = false;
    void Promise.all(threads.map(({ opened }) => opened)).then(() => {
      clearTimeout(timer);
      if (!over) timer = setTimeout(() => fail(new SchemeFailed('timeout', tooSlow(timeout))), timeout);
    });
    const all = Promise.all(jobs);
    const failure = await Promise.race([failed, all.then(() => undefined)]);
    over = true;
    clearTimeout(timer);
    if (failure) throw await this.end(failure, threads, answers, all);
    return joinReports(answers.map((answer) => (answer as { report: RankReport }).report));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.threads.splice(0).map((thread) => thread.terminate()));
  }

  private async end(
    failure: SchemeFailed | Unavailable,
    threads: readonly RankThread[],
    answers: readonly (RankAnswer | undefined)[],
    all: Promise<unknown>,
  ): Promise<Error> {
    threads.forEach((thread, rank) => {
      if (!answers[rank]) thread.abort(failure.message);
    });
    await Promise.race([all, delay(grace)]);
    const ends = answers.map(endOf);
    if (answers.includes(undefined) || threads.some(({ alive }) => !alive)) await this[Symbol.asyncDispose]();
    if (failure instanceof Unavailable) return failure;
    const waits = answers.flatMap((answer) => (answer?.type === 'failed' ? answer.waits : []));
    const message = failure.how === 'timeout' ? [failure.message, ...waits].join('; ') : failure.message;
    return new SchemeFailed(failure.how, message, ends);
  }
}

function endOf(answer: RankAnswer | undefined): string | undefined {
  if (!answer) return 'was ended: it did not answer';
  return answer.type === 'failed' ? answer.message : undefined;
}

/** Makes message channels between ranks for one job, so that no message reaches a later job. */
function connect(ranks: number): (MessagePort | undefined)[][] {
  const ports: (MessagePort | undefined)[][] = Array.from({ length: ranks }, () => new Array(ranks).fill(undefined));
  for (let a = 0; a < ranks; a++) {
    for (let b = a + 1; b < ranks; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a][b] = port1;
      ports[b][a] = port2;
    }
  }
  return ports;
}

/** Copies each tensor to a separate buffer, because messages to threads carry whole buffers. */
function copies(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, copyOf(t)]));
}
