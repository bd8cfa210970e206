import { Crashed, DeviceLost, type Kernel, OutOfMemory, Unavailable, Unsupported } from '../../kernel.js';
import { Exchange, type PageFiles } from './exchange.js';
import { findChromium } from './executable.js';
import { type CallMessage, decodeAnswer, encodeCall, type PageError } from './messages.js';
import { profileFolder, removeFolder } from './profile-folder.js';

/** --no-sandbox lets it run as root, as in containers; it opens only this package's pages. */
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
];

interface BrowserPage {
  readonly version: string;
  close(): Promise<void>;
}

/** Opens a page. @throws {Unavailable} if Chromium is missing or does not start. */
async function openBrowser(url: string, onEnd: (error: Crashed) => void): Promise<BrowserPage> {
  const { chromium } = await loadPlaywright();
  const executablePath = findChromium(chromium.executablePath());
  const folder = profileFolder();
  let open = true;
  const ended = (how: string, message: string) => {
    if (open) onEnd(new Crashed(how, message));
    open = false;
  };
  try {
    const context = await chromium.launchPersistentContext(folder, {
      executablePath,
      args: flags,
      artifactsDir: folder,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    context.once('close', () => ended('browser', 'the browser process ended while the page was open'));
    const page = context.pages()[0] ?? (await context.newPage());
    page.once('crash', () => ended('renderer', 'the browser process of the page crashed'));
    await page.goto(url);
    return {
      version: context.browser()?.version() ?? 'unknown',
      close: async () => {
        open = false;
        await context.close().catch(() => {});
        await removeFolder(folder);
      },
    };
  } catch (error) {
    await removeFolder(folder);
    throw new Unavailable(`${executablePath} does not start: ${(error as Error).message.split('\n')[0]}`, 'start it by hand to see why');
  }
}

/** A variable, so that type checks pass without the package. */
const packageName = 'playwright-core';

async function loadPlaywright(): Promise<typeof import('playwright-core')> {
  try {
    return await import(packageName);
  } catch {
    throw new Unavailable('playwright-core is not installed', 'npm install playwright-core');
  }
}

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
