import { Crashed, type Kernel, Unavailable } from '../../../kernel.js';
import { type AnswerMessage, decodeCall, encodeAnswer, type PageError } from '../messages.js';

function pageErrorOf(error: unknown): PageError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  if (error instanceof Unavailable) return { name, message: error.reason, remedy: error.remedy };
  return { name, message, ...(error instanceof Crashed && { how: error.how }) };
}

async function answerTo(kernel: Kernel, bytes: Uint8Array): Promise<AnswerMessage> {
  try {
    const { command, ...call } = decodeCall(bytes);
    const answered = command === 'forward' ? kernel.forward(call) : kernel.backward?.(call);
    return { tensors: (await answered) ?? {} };
  } catch (error) {
    return { error: pageErrorOf(error) };
  }
}

/** Sends an answer; returns the next call, or undefined after the last. */
async function exchange(answer: AnswerMessage): Promise<Uint8Array | undefined> {
  const response = await fetch('exchange', { method: 'POST', body: encodeAnswer(answer) as Uint8Array<ArrayBuffer> });
  return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

/** Opens a kernel and answers the host's calls until there are no more. */
export async function serve(open: () => Promise<Kernel>): Promise<void> {
  let kernel: Kernel;
  try {
    kernel = await open();
  } catch (error) {
    await exchange({ error: pageErrorOf(error) });
    return;
  }
  let next = await exchange({ tensors: {}, environment: kernel.environment });
  while (next) next = await exchange(await answerTo(kernel, next));
}
