import { Crashed, DeviceLost, type Kernel, OutOfMemory, Unavailable, Unsupported } from '../../kernel.js';
import { openBrowser } from './browser.js';
import { Exchange, type PageFiles } from './exchange.js';
import { type CallMessage, decodeAnswer, encodeCall, type PageError } from './messages.js';

/** Opens headless Chromium and the kernel that its page serves. @throws {Unavailable} */
export async function openPageKernel(files: PageFiles, query = ''): Promise<Kernel> {
  const exchange = await Exchange.open(files);
  try {
    const first = exchange.first();
    first.catch(() => {});
    const page = await openBrowser(`${exchange.url}${query}`, (error) => exchange.fail(error));
    const close = async () => {
      await page.close();
      await exchange.close();
    };
    try {
      const answer = decodeAnswer(await first);
      if ('error' in answer) throw errorOf(answer.error);
      return kernelOf(exchange, { chromium: page.version, ...answer.environment }, close);
    } catch (error) {
      await page.close();
      throw error;
    }
  } catch (error) {
    await exchange.close();
    throw error;
  }
}

function kernelOf(exchange: Exchange, environment: Readonly<Record<string, string>>, close: () => Promise<void>): Kernel {
  const call = async (message: CallMessage) => {
    const answer = decodeAnswer(await exchange.send(encodeCall(message)));
    if ('error' in answer) throw errorOf(answer.error);
    return answer.tensors;
  };
  return {
    environment,
    forward: (asked) => call({ ...asked, command: 'forward' }),
    backward: (asked) => call({ ...asked, command: 'backward' }),
    [Symbol.asyncDispose]: close,
  };
}

function errorOf({ name, message, remedy, how }: PageError): Error {
  if (remedy !== undefined) return new Unavailable(message, remedy);
  if (how !== undefined) return how === 'device-lost' ? new DeviceLost(message) : new Crashed(how, message);
  if (name === 'OutOfMemory') return new OutOfMemory(message);
  if (name === 'Unsupported') return new Unsupported(message);
  return Object.assign(new Error(message), { name });
}
