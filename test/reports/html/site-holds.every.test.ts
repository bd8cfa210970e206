import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { title } from '../../backend.js';
import { browserHere } from '../../browser.js';
import { asksAll, firstOf } from '../../some.js';
import { evil } from './made-up-results.js';
import { OpenedSites } from './opened-sites.js';

const it = browserHere();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const failing = `#/check?adapter=mine&id=${encodeURIComponent('softmax/causal/oracle/f32')}`;

describe.skipIf(it.missing)(title('the report site in Chromium, whatever is in it', it), () => {
  const site = new OpenedSites(['made-up', 'hostile', 'large', 'plain']);

  test.skipIf(asksAll)('over http obeys the same policy, and runs nothing else', async () => {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      const name = basename(path) || 'index.html';
      const type = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' }[extname(name)] ?? 'text/plain';
      response
        .setHeader('content-type', type)
        .end(readFileSync(join(site.folder, 'made-up', path.startsWith('/data/') ? `data/${name}` : name)));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      await site.open('made-up', { hash: '#/accuracy', address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
      await site.page.getByRole('heading', { name: 'Accuracy' }).waitFor();
      expect(site.faults).toEqual([]);
      await site.page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "owned"';
        document.head.append(script);
        document.body.insertAdjacentHTML('beforeend', '<b onclick="document.title = \'owned\'" id="bait">x</b>');
        document.getElementById('bait')?.click();
      });
      expect(await site.page.title()).toBe('Accuracy · Made up');
      expect(
        await site.page.evaluate(() =>
          fetch('data.js').then(
            () => 'fetched',
            () => 'refused',
          ),
        ),
      ).toBe('refused');
    } finally {
      server.close();
    }
  });

  test.each(firstOf(['light', 'dark'] as const, 1))('has no fault that axe finds, in %s', async (scheme) => {
    await site.open('made-up', { colorScheme: scheme });
    await site.page.evaluate(axe);
    for (const hash of [
      '#/',
      '#/implementation?adapter=mine',
      '#/documents',
      '#/document?kind=operator&name=softmax',
      '#/document?kind=mask&name=causal',
      '#/matrix?open=softmax',
      failing,
      '#/features',
      '#/dialects',
      '#/accuracy',
      '#/timings',
      '#/schemes',
      '#/failures',
      '#/power',
      '#/environment',
    ]) {
      const violations = await site.page.evaluate(async (to) => {
        const content = document.getElementById('content') as HTMLElement;
        const before = content.firstElementChild;
        if (location.hash !== to) location.hash = to;
        // a page whose data is loaded replaces the one before as a whole
        for (let waits = 0; waits < 200 && content.firstElementChild === before && to !== '#/'; waits++)
          await new Promise((done) => setTimeout(done, 20));
        for (const folded of content.querySelectorAll('details')) folded.open = true;
        const { axe: checker } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await checker.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
      }, hash);
      expect(violations, hash).toEqual([]);
    }
  });

  test.skipIf(asksAll)('shows hostile names and logs as text', async () => {
    await site.open('hostile');
    for (const name of ['Implementations', 'Matrix', 'Failures', 'Features', 'Environment']) {
      await site.page.getByRole('navigation').getByRole('link', { name }).click();
      await site.page.getByRole('main').getByText('onerror').first().waitFor({ state: 'attached' });
      expect(await site.page.evaluate(() => document.images.length)).toBe(0);
    }
    await site.page.getByRole('navigation').getByRole('link', { name: 'Failures' }).click();
    await site.page.getByText('The check that fails').click();
    await site.page.getByRole('main').getByRole('link', { name: 'oracle' }).first().click();
    await site.page.getByText('What the kernel printed').waitFor();
    expect(await site.page.title()).toContain(evil);
    expect(await site.page.evaluate(() => document.querySelectorAll('main script, main img').length)).toBe(0);
    expect(await site.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(site.faults).toEqual([]);
  });

  test.skipIf(asksAll)('of 20 adapters with 2,000 checks each shows all of them, and one at a time', async () => {
    await site.open('large');
    expect(await site.status()).toMatch(/^20 of 20 implementations$/);
    await site.page.getByRole('navigation').getByRole('link', { name: 'Matrix' }).click();
    await site.page.getByLabel('Search checks').waitFor();
    await site.page.getByLabel('Search checks').fill('softmax+f3/');
    expect(await site.page.getByRole('cell').count()).toBeGreaterThan(80 * 20);
    await site.page.getByLabel('Search checks').fill('');
    await site.page.getByLabel('Rows by').selectOption('mask');
    expect(await site.page.getByRole('button', { name: /causal/ }).count()).toBe(1);
    expect(site.faults).toEqual([]);
  });

  test.skipIf(asksAll)('says so where its data is missing', async () => {
    rmSync(join(site.folder, 'plain', 'data.js'));
    await site.openEmpty();
    await site.page.goto(site.addressOf('plain'));
    await site.page.getByText('data.js is not beside this page').waitFor();
  });
});
