import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../../adapters/backends/chromium/executable.js';
import type { KnownOf } from '../../../reports/html/causes.js';
import { siteData } from '../../../reports/html/model.js';
import { backend, title } from '../../backend.js';
import { firstOf } from '../../some.js';
import { madeUp } from '../made-up.js';
import { madeUpBench, sweptBench } from '../made-up-bench.js';
import { writeSite } from './built.js';
import { evil, hostile, oneKernel, pictures, withErrors } from './made-up-results.js';
import { simulated } from './made-up-simulation.js';
import { largeResult, sourceOf } from './sources.js';

const it = await backend('webgpu-chromium');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(it.missing)(title('the report site in Chromium, from disk', it), () => {
  const folder = mkdtempSync(join(tmpdir(), 'attn-cts-site-'));
  const faults: string[] = [];
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    const made = new Date('2026-01-02T03:04:05Z');
    const files = {
      replay: 'npx attn-cts replay out/failure.json',
      files: { folder: 'failures/0-0', names: ['failure.json'] },
      pictures,
      printed: 'it said so',
    };
    const power = {
      mutants: [{ id: 'tiled', class: 'Mask', killed: true, equivalent: false, check: 'a/b/c/f32', cases: 3, seconds: 1, case: null }],
    };
    const benches = [{ file: 'bench.json', bench: madeUpBench }];
    const simulations = [
      { file: 'sweep.json', simulations: [simulated('ring', 0.5), simulated('ring', 0.75, 4096), simulated('ulysses', 'too few heads')] },
    ];
    const knownOf: KnownOf = (_, { id }) =>
      id === 'softmax/causal/oracle/f32' ? { why: 'The mask is transposed: it was.', finding: '../FINDINGS.md#transposed' } : undefined;
    await writeSite(
      join(folder, 'made-up'),
      siteData([sourceOf(withErrors, files)], { title: 'Made up', made, power, benches, simulations, knownOf }),
    );
    await writeSite(
      join(folder, 'swept'),
      siteData([sourceOf(madeUp)], { title: 'Swept', made, benches: [{ file: 'swept.json', bench: sweptBench }] }),
    );
    const newer = { ...madeUp, adapters: madeUp.adapters.map((a) => ({ ...a, version: '2.0.0' })) };
    await writeSite(join(folder, 'history'), siteData([sourceOf(madeUp), sourceOf(newer)], { title: 'History', made }));
    await writeSite(join(folder, 'hostile'), siteData([sourceOf(hostile, { printed: evil })], { title: evil, made }));
    await writeSite(join(folder, 'large'), siteData([sourceOf(largeResult(20, 2000))], { title: 'Large', made }));
    await writeSite(join(folder, 'one'), siteData([sourceOf(oneKernel)], { title: 'One', made }));
    browser = await chromium.launch({
      executablePath: findChromium(chromium.executablePath()),
      args: ['--no-sandbox', '--disable-background-networking'],
    });
  });
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    site: string,
    hash = '',
    colorScheme: 'light' | 'dark' = 'light',
    width = 1280,
    address = pathToFileURL(join(folder, site, 'index.html')).href,
  ): Promise<void> {
    faults.length = 0;
    context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: false });
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(`${address}${hash}`);
    await page.getByRole('main').locator('> *').first().waitFor();
  }

  const status = () => page.getByRole('main').getByRole('status').first().textContent();
  const failing = `#/check?adapter=mine&id=${encodeURIComponent('softmax/causal/oracle/f32')}`;

  test('lists the implementations, sorted and filtered, and keeps that in the address', async () => {
    await open('made-up');
    const names = () => page.getByRole('rowheader').getByRole('link').allTextContents();
    expect(await status()).toBe('2 of 2 implementations');
    expect(await names()).toEqual(['reference', 'mine']);
    await page.getByRole('button', { name: 'Score' }).click();
    expect(await names()).toEqual(['mine', 'reference']);
    expect(await page.getByRole('columnheader', { name: 'Score' }).getAttribute('aria-sort')).toBe('descending');
    expect(page.url()).toContain('sort=-score');
    const row = page.getByRole('row', { name: /^mine/ });
    expect(await row.textContent()).toContain('≠ causal=top-left');
    await page.getByLabel('Show').selectOption('right');
    expect(await names()).toEqual(['reference']);
    await page.reload();
    expect(await names()).toEqual(['reference']);
    await page.getByLabel('Show').selectOption('');
    await page.getByLabel('Search implementations').fill('MINE');
    expect(await names()).toEqual(['mine']);
    expect(faults).toEqual([]);
  });

  test('has a page of each implementation: badges to copy, causes with why and pictures, what fails here alone, history', async () => {
    await open('made-up');
    await page.getByRole('rowheader').getByRole('link', { name: 'mine' }).click();
    await page.getByRole('heading', { name: 'mine', exact: true }).waitFor();
    expect(await page.evaluate(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0))).toBe(true);
    await page.getByText('Markdown of these badges').first().click();
    expect(await page.getByRole('group', { name: 'Markdown of these badges' }).textContent()).toMatch(/^\[!\[core@1 · mine: /);
    const cause = page.getByRole('article').filter({ hasText: 'The mask is transposed' });
    expect(await cause.getByRole('link', { name: 'The finding' }).getAttribute('href')).toBe('../FINDINGS.md#transposed');
    expect(await cause.getByRole('img').count()).toBeGreaterThan(0);
    await page.goto(pathToFileURL(join(folder, 'history', 'index.html')).href);
    await page.getByRole('rowheader').getByRole('link').first().click();
    await page.getByRole('heading', { name: 'History: 2 results' }).waitFor();
    expect(faults).toEqual([]);
  });

  test('has a page of each operator, mask and scheme, with who passes', async () => {
    await open('made-up', '#/documents');
    await page.getByRole('link', { name: 'causal', exact: true }).click();
    await page.getByRole('heading', { name: 'A query sees a key where' }).waitFor();
    expect(await page.getByRole('img', { name: /^causal: 12 by 12 cells/ }).count()).toBe(1);
    expect(await page.getByRole('row', { name: 'reference' }).textContent()).toContain('✓');
    await page.goto(`${page.url().split('#')[0]}#/document?kind=operator&name=softmax`);
    await page.getByText('Σ_j p_ij v_j').waitFor();
    expect(faults).toEqual([]);
  });

  test('filters by search and choice, and keeps them in the address', async () => {
    await open('made-up', '#/matrix');
    expect(await status()).toBe('12 of 12 checks, 2 of 2 implementations');
    await page.getByLabel('Search checks').fill('causal grad');
    expect(await status()).toMatch(/^1 of 12 checks/);
    expect(await page.getByRole('rowheader', { name: 'softmax/causal/gradient/f32' }).count()).toBe(1);
    await page.getByLabel('Verdict').selectOption('unsupported');
    await page.getByRole('combobox', { name: /^Implementation/ }).selectOption('mine');
    expect(page.url()).toContain('#/matrix?search=causal+grad&verdict=unsupported&adapter=mine');
    await page.reload();
    expect(await status()).toBe('1 of 12 checks, 1 of 2 implementations');
    await page.getByLabel('Search checks').fill('no such check');
    expect(await page.getByRole('main').textContent()).toContain('No check matches these filters');
    expect(faults).toEqual([]);
  });

  test('puts together what nobody claims, and says what failures have in common', async () => {
    await open('one', '#/matrix');
    const groups = () => page.getByRole('rowheader').allTextContents();
    expect(await groups()).toEqual(['▸ softmax 3', '▸ claimed by none 2']);
    await page.getByRole('button', { name: /claimed by none/ }).click();
    expect((await groups()).slice(2)).toEqual(['linear/full/oracle/f32', 'efficient/full/oracle/f32']);
    await page.getByLabel('Verdict').selectOption('unsupported');
    expect((await groups()).slice(0, 2)).toEqual(['▸ softmax 1', '▸ linear 1']);
    await page.getByRole('navigation').getByRole('link', { name: 'Features' }).click();
    await page.getByText('No implementation claims: linear, efficient.').waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Failures' }).click();
    await page.getByText('2 failures of 1 cause').waitFor();
    await page.getByRole('heading', { name: 'the diagonal is hidden' }).waitFor();
    expect(faults).toEqual([]);
  });

  test('opens groups, walks by arrow keys, shows a check, and goes back to where it was', async () => {
    await open('made-up', '#/matrix?group=property');
    await page.getByRole('button', { name: /oracle/ }).click();
    expect(page.url()).toContain('open=oracle');
    await page.getByRole('button', { name: /oracle/ }).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'softmax/causal/oracle/f32' }).waitFor();
    expect(page.url()).toContain(failing);
    await page.goBack();
    await page.getByRole('rowheader', { name: 'softmax/causal/oracle/f32' }).waitFor();
    expect(page.url()).toContain('group=property&open=oracle');
  });

  test('shows a failure whole: what to paste, its case, its worst element, its pictures', async () => {
    await open('made-up', '#/failures?verdict=failing');
    expect(await status()).toBe('2 failures of 2 causes');
    await page.getByText('The check that fails').first().click();
    await page.getByRole('link', { name: 'softmax/causal/oracle/f32' }).click();
    await page.getByRole('heading', { name: 'softmax/causal/oracle/f32' }).waitFor();
    const text = (await page.getByRole('main').textContent()) ?? '';
    for (const part of [
      'o is not a number',
      'a row without keys is divided by zero',
      'npx attn-cts replay out/failure.json',
      'm=1 n=2',
      '"left":0',
      'it said so',
    ]) {
      expect(text).toContain(part);
    }
    expect(await page.getByRole('link', { name: 'failure.json' }).getAttribute('href')).toBe('failures/0-0/failure.json');
    expect(await page.getByRole('img', { name: 'Mask expected: 2 by 2 cells, 3 of them visible' }).count()).toBe(1);
    expect(await page.getByRole('img', { name: 'Error ÷ bound: 1 by 3 cells, 2 of them beyond the bound' }).count()).toBe(1);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: /^Copy/ }).first().click();
    await page.getByText(/^(Copied|Selected: copy it)/).waitFor();
    expect(faults).toEqual([]);
  });

  test('has every page, at phone width too, without the page itself scrolling sideways', async () => {
    await open('made-up', '', 'dark', 390);
    for (const [name, says] of [
      ['Operators, masks, schemes', 'Scaled dot-product attention'],
      ['Features', 'core@1'],
      ['Dialects', '≠ top-left'],
      ['Accuracy', '✗ '],
      ['Timings', 'Software devices'],
      ['Schemes', 'too few heads'],
      ['Power', 'The suite finds 1 of 1 kernels'],
      ['Environment', 'Not available on this machine'],
      ['Failures', 'lse is off'],
    ]) {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
      await page.getByRole('main').getByText(says).first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
    }
    expect(faults).toEqual([]);
  });

  test('shows times with what is likely around them, none of a wrong answer, and software devices apart', async () => {
    await open('made-up', '#/timings');
    const row = (name: string) => page.getByRole('row', { name });
    await page.getByText('Fastest: ').first().waitFor();
    for (const folded of await page.getByText(/^All \d+ timings?$/).all()) await folded.click();
    expect(await row('reference@9.9.9 causal 256').textContent()).toContain('×1.51.4 – 1.6');
    expect(await row('reference@9.9.9 causal 512').textContent()).toContain('✗ no time: wrong answer');
    expect(await row('ring (stranger)').textContent()).toContain('0.751');
    expect(await page.getByRole('img', { name: 'Ratio to mine' }).count()).toBe(1);
    const charts = page.getByRole('img', { name: /^Median over length.*causal/ });
    expect(await charts.count()).toBe(2);
    await page.getByText('Without a time: 2').click();
    await page.getByText('reference@9.9.9: no time: wrong answer: o is off by 3 times the bound').waitFor();
    await page.getByRole('link', { name: 'mine' }).first().click();
    await page.getByRole('heading', { name: 'mine' }).waitFor();
    expect(faults).toEqual([]);
  });

  test('draws times over a parameter that flags gave, peak memory, and how a scheme scales', async () => {
    await open('swept', '#/timings');
    await page.getByText('Fastest: ').first().waitFor();
    for (const folded of await page.getByText(/^All \d+ timings?$/).all()) await folded.click();
    const panels = (name: RegExp) => page.getByRole('img', { name });
    await panels(/^Median over left/)
      .first()
      .waitFor();
    expect(await panels(/^Median over left/).count()).toBe(1);
    // a distribution of lengths is no number to draw over
    expect(await panels(/^Median over lengths/).count()).toBe(0);
    expect(await panels(/^Peak memory over length/).count()).toBeGreaterThan(0);
    expect(await panels(/^Slowest rank over ranks/).count()).toBe(1);
    await page.getByRole('heading', { name: /^Scaling: / }).waitFor();
    expect(faults).toEqual([]);
  });

  test('over http obeys the same policy, and runs nothing else', async () => {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      const name = basename(path) || 'index.html';
      const type = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' }[extname(name)] ?? 'text/plain';
      response
        .setHeader('content-type', type)
        .end(readFileSync(join(folder, 'made-up', path.startsWith('/data/') ? `data/${name}` : name)));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      await open('made-up', '#/accuracy', 'light', 1280, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.getByRole('heading', { name: 'Accuracy' }).waitFor();
      expect(faults).toEqual([]);
      await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "owned"';
        document.head.append(script);
        document.body.insertAdjacentHTML('beforeend', '<b onclick="document.title = \'owned\'" id="bait">x</b>');
        document.getElementById('bait')?.click();
      });
      expect(await page.title()).toBe('Accuracy · Made up');
      expect(
        await page.evaluate(() =>
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
    await open('made-up', '', scheme);
    await page.evaluate(axe);
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
      const violations = await page.evaluate(async (to) => {
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

  test('shows hostile names and logs as text', async () => {
    await open('hostile');
    for (const name of ['Implementations', 'Matrix', 'Failures', 'Features', 'Environment']) {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      await page.getByRole('main').getByText('onerror').first().waitFor({ state: 'attached' });
      expect(await page.evaluate(() => document.images.length)).toBe(0);
    }
    await page.getByRole('navigation').getByRole('link', { name: 'Failures' }).click();
    await page.getByText('The check that fails').click();
    await page.getByRole('main').getByRole('link', { name: 'oracle' }).first().click();
    await page.getByText('What the kernel printed').waitFor();
    expect(await page.title()).toContain(evil);
    expect(await page.evaluate(() => document.querySelectorAll('main script, main img').length)).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(faults).toEqual([]);
  });

  test('of 20 adapters with 2,000 checks each shows all of them, and one at a time', async () => {
    await open('large');
    expect(await status()).toMatch(/^20 of 20 implementations$/);
    await page.getByRole('navigation').getByRole('link', { name: 'Matrix' }).click();
    await page.getByLabel('Search checks').waitFor();
    await page.getByLabel('Search checks').fill('softmax+f3/');
    expect(await page.getByRole('cell').count()).toBeGreaterThan(80 * 20);
    await page.getByLabel('Search checks').fill('');
    await page.getByLabel('Rows by').selectOption('mask');
    expect(await page.getByRole('button', { name: /causal/ }).count()).toBe(1);
    expect(faults).toEqual([]);
  });

  test('says so where its data is missing', async () => {
    await writeSite(join(folder, 'bare'), siteData([sourceOf(madeUp)], { title: 'x', made: new Date(0) }));
    rmSync(join(folder, 'bare', 'data.js'));
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'bare', 'index.html')).href);
    await page.getByText('data.js is not beside this page').waitFor();
  });
});
