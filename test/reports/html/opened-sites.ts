import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { findChromium } from '../../../adapters/backends/chromium/executable.js';
import { writeSite } from './built.js';
import { sites } from './made-up-sites.js';

interface OpenOptions {
  readonly hash?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  /** Address of the page; by default, its file. */
  readonly address?: string;
}

/** Made-up sites on this machine's disk, opened in Chromium by the tests of one file. */
export class OpenedSites {
  readonly folder = mkdtempSync(join(tmpdir(), 'attn-cts-site-'));
  /** Errors that the page that is open raised or printed. */
  readonly faults: string[] = [];
  page!: Page;
  context!: BrowserContext;
  private browser!: Browser;

  /** Writes these sites before the tests, and removes them after. */
  constructor(names: readonly (keyof typeof sites)[]) {
    beforeAll(async () => {
      for (const name of names) await writeSite(join(this.folder, name), sites[name]());
      this.browser = await chromium.launch({
        executablePath: findChromium(chromium.executablePath()),
        args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
      });
    });
    afterEach(() => this.context?.close());
    afterAll(async () => {
      await this.browser?.close();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  /** Address of a site. */
  addressOf(site: string): string {
    return pathToFileURL(join(this.folder, site, 'index.html')).href;
  }

  /** Opens a page of a site, and waits until it shows something. */
  async open(site: string, { hash = '', address = this.addressOf(site), ...context }: OpenOptions = {}): Promise<void> {
    await this.openEmpty(context);
    await this.page.goto(`${address}${hash}`);
    await this.page.getByRole('main').locator('> *').first().waitFor();
  }

  /** Opens a page with nothing in it. */
  async openEmpty({ colorScheme = 'light', width = 1280 }: Pick<OpenOptions, 'colorScheme' | 'width'> = {}): Promise<void> {
    this.faults.length = 0;
    this.context = await this.browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: false });
    this.page = await this.context.newPage();
    this.page.on('pageerror', (error) => this.faults.push(error.message));
    this.page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
  }

  status(): Promise<string | null> {
    return this.page.getByRole('main').getByRole('status').first().textContent();
  }
}
