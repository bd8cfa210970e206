import { Crashed, Unavailable } from '../../kernel.js';
import { findChromium } from './executable.js';
import { profileFolder, removeFolder } from './profile-folder.js';

/** Without a sandbox it runs as root too, as in containers; the pages it opens are ours alone. */
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
];

/** One page in a headless browser of its own. */
export interface BrowserPage {
  readonly version: string;
  close(): Promise<void>;
}

/**
 * Opens a page in a fresh profile. The browser ends with this process, however that ends: they are joined by a pipe.
 * @param onEnd told once where page or browser end before they are closed.
 * @throws {Unavailable} where there is no Chromium, or it does not start.
 */
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
      // the host's own
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

/** A variable, so that type checks do not ask for what may not be installed. */
const packageName = 'playwright-core';

async function loadPlaywright(): Promise<typeof import('playwright-core')> {
  try {
    return await import(packageName);
  } catch {
    throw new Unavailable('playwright-core is not installed', 'npm install playwright-core');
  }
}
