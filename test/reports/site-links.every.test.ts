import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../adapters/backends/chromium/executable.js';
import { title } from '../backend.js';
import { browserHere } from '../browser.js';
import { asksAll } from '../some.js';
import { SiteOfRun } from './site-of-run.js';

const it = browserHere();
const run = new SiteOfRun();
const site = run.folder;
const start = pathToFileURL(join(site, 'index.html')).href;
/** Pages from which others are reached only by filters, and which are too many to be opened. */
const mostPages = 400;

describe.skipIf(it.missing || !asksAll)(title('the site of a run in Chromium', it), () => {
  beforeAll(() => run.make());
  afterAll(() => run.remove());

  test('has no link that leads nowhere, from any page', async () => {
    const browser = await chromium.launch({ executablePath: findChromium(chromium.executablePath()), args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(start);
      await page.getByRole('main').locator('> *').first().waitFor();
      const seen = new Set(['#/']);
      for (const hash of seen) {
        if (seen.size > mostPages) break;
        const { says, links } = await page.evaluate(async (to) => {
          const content = document.getElementById('content') as HTMLElement;
          const before = content.firstElementChild;
          if (location.hash !== to) location.hash = to;
          for (let waits = 0; waits < 500 && content.firstElementChild === before && to !== '#/'; waits++)
            await new Promise((done) => setTimeout(done, 10));
          const empty = content.querySelector('p.empty')?.textContent ?? '';
          return { says: empty, links: [...document.querySelectorAll('a')].map((a) => a.getAttribute('href') ?? '') };
        }, hash);
        expect(says, hash).not.toMatch(/has no such|could not be read/);
        for (const link of links) {
          if (/^https?:/.test(link)) continue;
          if (!link.startsWith('#')) expect(existsSync(join(site, decodeURIComponent(link.split('#')[0]))), `${hash} ${link}`).toBe(true);
          // a check's page is one of thousands alike: those of one page stand for all
          else if (link.startsWith('#/') && (!link.startsWith('#/check') || hash.startsWith('#/implementation?'))) seen.add(link);
        }
      }
      expect(seen.size).toBeGreaterThan(20);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 300_000);
});
