import { parentPort, workerData } from 'node:worker_threads';
import { collectOldObjectsLate, optimiseLate } from '../../lib/engine.js';
import { readerOf } from '../host/data-file.js';
import { CaseJudge } from './judge-cases.js';
import type { JudgeStart, JudgeTask } from './judge-protocol.js';

// Thread of a judge.

collectOldObjectsLate();
optimiseLate();
const judge = new CaseJudge(workerData as JudgeStart, readerOf);

parentPort?.on('message', (task: JudgeTask) => {
  const reply = judge.answer(task);
  if (reply) parentPort?.postMessage(reply);
});
