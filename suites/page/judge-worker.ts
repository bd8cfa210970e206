import { CaseJudge } from '../runner/judge/judge-cases.js';
import type { JudgeReply, JudgeTask } from '../runner/judge/judge-protocol.js';
import type { WorkerScope } from './messages.js';

// The worker of the judge. It knows no kernel.

const scope = globalThis as unknown as WorkerScope<JudgeTask, JudgeReply>;
const judge = new CaseJudge({ documents: [] });

scope.onmessage = ({ data: task }) => {
  const reply = judge.answer(task);
  if (reply) scope.postMessage(reply);
};
