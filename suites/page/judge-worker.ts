import { CaseJudge } from '../runner/judge/judge-cases.js';
import type { JudgeReply, JudgeTask } from '../runner/judge/judge-protocol.js';
import type { WorkerScope } from './messages.js';

// Judge's worker, without kernels.

const scope = globalThis as unknown as WorkerScope<JudgeTask, JudgeReply>;
const judge = new CaseJudge({ documents: [] });

scope.onmessage = ({ data: task }) => {
  const reply = judge.answer(task);
  if (reply) scope.postMessage(reply);
};
