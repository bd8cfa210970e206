import { Crashed, type Kernel, Unavailable } from '../../../kernel.js';
import type { Algorithm } from '../../webgpu/capabilities.js';
import { findBrowserGpu } from '../browser-gpu.js';
import { type AnswerMessage, decodeCall, encodeAnswer, type PageError } from '../messages.js';

// The page of the adapter: it opens the kernel, then asks the host for the next call with the answer to the last one.

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

/** The next call; undefined where there is none. */
async function exchange(answer: AnswerMessage): Promise<Uint8Array | undefined> {
  const response = await fetch('exchange', { method: 'POST', body: encodeAnswer(answer) as Uint8Array<ArrayBuffer> });
  return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

async function serve(algorithm: Algorithm): Promise<void> {
  let kernel: Kernel;
  try {
    kernel = await (await findBrowserGpu()).open(algorithm);
  } catch (error) {
    await exchange({ error: pageErrorOf(error) });
    return;
  }
  let next = await exchange({ tensors: {}, environment: kernel.environment });
  while (next) next = await exchange(await answerTo(kernel, next));
}

const { location } = globalThis as unknown as { location: { search: string } };
await serve(new URLSearchParams(location.search).get('algorithm') as Algorithm);
