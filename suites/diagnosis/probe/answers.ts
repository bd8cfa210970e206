import { problemOf } from '../../../generators/problem.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { checkOutputs, normalise } from '../../judging/outputs.js';
import type { CallSpec } from '../../properties/property.js';
import type { HostCase } from '../../runner/host/host.js';
import { unpack } from '../../runner/host/wire.js';
import { NotRestarted, type Supervisor } from '../../runner/run/supervisor.js';
import type { Answer } from '../dialect/finding.js';

/** Calls the kernel, one call at a time: what one of them ends or refuses is not the others' fault. */
export async function askAll(supervisor: Supervisor, calls: readonly CallSpec[], claims: Claims): Promise<Answer[]> {
  const answers: Answer[] = [];
  try {
    for (const call of calls) {
      const [answer] = await supervisor.run([[call]]);
      answers.push(answerOf(answer, call, claims));
    }
  } catch (error) {
    if (!(error instanceof NotRestarted)) throw error;
    while (answers.length < calls.length) answers.push({ refused: `not called: ${error.message}` });
  }
  return answers;
}

function answerOf(answer: HostCase, call: CallSpec, claims: Claims): Answer {
  if (answer.kind !== 'reply') return { refused: answer.kind === 'died' ? `its process ${answer.message}` : answer.message };
  const { fault, calls } = answer.reply;
  if (fault) return { refused: `${fault.kind}: ${fault.message.split('\n')[0]}` };
  const outputs = unpack(calls[0], answer.data);
  const problem = problemOf(claims, call.case);
  const malformed = checkOutputs(call, outputs, claims.capabilities, problem);
  return malformed ? { refused: malformed.message } : { outputs: normalise(call, outputs, claims.capabilities, problem) };
}
