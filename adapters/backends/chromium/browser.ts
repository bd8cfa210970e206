import { Crashed, Unavailable } from '../../kernel.js';
import { findChromium } from './executable.js';
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

export interface BrowserPage {
  readonly version: string;
  close(): Promise<void>;
}

/** Opens a page. @throws {Unavailable} if Chromium is missing or does not start. */
export async function openBrowser(url: string, onEnd: (error: Crashed) => void): Promise<BrowserPage> {
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
