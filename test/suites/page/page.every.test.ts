import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../../adapters/backends/chromium/executable.js';
import { parseDocument } from '../../../spec/lib/documents.js';
import { type PageServer, servePage } from '../../../suites/serve/server.js';
import { backend, title } from '../../backend.js';
import { asksAll } from '../../some.js';

const it = await backend('webgpu-chromium');
const finished = { timeout: 50_000 };

describe.skipIf(it.missing)(title('the page in Chromium', it), () => {
  let server: PageServer;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    server = await servePage(0);
    browser = await chromium.launch({
      executablePath: findChromium(chromium.executablePath()),
      args: ['--no-sandbox', '--disable-background-networking', '--enable-unsafe-webgpu'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open(query: string): Promise<void> {
    page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(`${server.url}?${query}`);
  }

  /** With the headers of ours: the page takes no other. */
  async function replaceWorker(change: (script: string) => string): Promise<void> {
    await page.route('**/kernel-worker.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    });
  }

  const status = (text: RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor(finished);
  const cell = (row: string, property: number) => page.getByRole('row', { name: row }).getByRole('cell').nth(property);

  test.skipIf(asksAll)('runs checks on its GPU, by keyboard, and hands over a result document', async () => {
    await open('runs=2&filter=softmax/causal/**&seed=3');
    await page.getByLabel('Only checks like').press('Enter');
    await status(/^Finished.*conforms/);
    expect(await cell('softmax/causal f32', 0).textContent()).toBe('pass');
    expect(await cell('softmax/causal f32', 1).textContent()).toBe('pass');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
    const result = parseDocument('result', readFileSync(await download.path(), 'utf8'), 'result.json');
    expect(result).toMatchObject({ seed: 3, plan: { runs: 2 }, adapters: [{ id: 'webgpu-browser' }], complete: true });
    expect(result.checks.map(({ id, verdict, cases }) => [id, verdict, cases])).toEqual([
      ['softmax/causal/oracle/f32', 'pass', 4],
      ['softmax/causal/visibility/f32', 'pass', 2],
    ]);
  });

  test.skipIf(!asksAll)('shows the minimal case of a failure, with expected, actual and bound', async () => {
    await open('runs=5&filter=softmax/full/oracle/f32');
    const script = readFileSync(fileURLToPath(new URL('./zeros-worker.js', import.meta.url)), 'utf8');
    await replaceWorker(() => script);
    await page.getByRole('button', { name: 'Run' }).click();
    await status(/1 of its checks did not pass/);
    const failure = page.getByRole('article');
    expect(await failure.getByRole('heading').textContent()).toBe('fail softmax/full/oracle/f32 (value)');
    const text = await failure.textContent();
    for (const part of ['b=1 hk=1 g=1 m=1 n=1 d=1 e=1', 'expected', 'actual0', 'bound']) expect(text).toContain(part);
    await cell('softmax/full f32', 0).getByRole('link', { name: 'fail' }).click();
    expect(page.url()).toContain('#failure-softmax-full-oracle-f32');
  });

  test.skipIf(asksAll)('without WebGPU it says so, with the remedy', async () => {
    await open('runs=1');
    await replaceWorker((script) => `Object.defineProperty(navigator, 'gpu', { value: undefined });\n${script}`);
    await page.getByRole('button', { name: 'Run' }).click();
    await status(/^Cannot run: this browser has no WebGPU\. Remedy: a browser with WebGPU/);
    expect(await page.getByRole('button', { name: 'Download' }).isDisabled()).toBe(true);
  });

  test.skipIf(!asksAll)('a filter that matches nothing is said, and a run can be stopped', async () => {
    await open('runs=50&filter=nothing');
    await page.getByRole('button', { name: 'Run' }).click();
    await status(/^Cannot run: --filter nothing matches no check/);
    await page.getByLabel('Only checks like').fill('');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await status(/^(Stopped|Cannot run)/);
  });

  test.skipIf(asksAll)('nothing was refused by its policy, and nothing failed unseen', () => {
    expect(faults).toEqual([]);
  });
});
