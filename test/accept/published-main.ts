import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findChromium } from '../../dist/adapters/backends/chromium/executable.js';
import { machineOf } from '../../dist/suites/bench/machine.js';
import { ended, printed, start } from './attn-cts.js';

// as jiti loads it, it does not link
const { chromium } = createRequire(import.meta.url)('playwright-core') as typeof import('playwright-core');

/*
 * Writes the published report into reports/published/: every backend that runs here, with a picture of the matrix. Run it with
 * `npm run published`.
 */
const folder = fileURLToPath(new URL('../../reports/published/', import.meta.url));
const site = join(folder, 'site');
const work = mkdtempSync(join(tmpdir(), 'attention-cts-published-'));
const at = (...names: string[]) => join(work, ...names);
/** Exit codes of runs that are published: the failure of a kernel is a result, but a fault of the suite stops the script. */
const judged = [0, 1];

const sweepOf = ['--scheme', 'ring,ring-zigzag,ring-striped,ulysses,all-gather', '--ranks', '8', '--tokens', '32K,64K,128K,256K'];
const sweep = ['simulate', ...sweepOf, '--cluster', 'h800-8', '--json'];

try {
  const steps: [string, () => Promise<void>][] = [
    [
      'kernels',
      () =>
        ended(
          start(['run', '--runs', '20', '--slow', '2', '--expectations', 'adapters/expectations.json', '--out', at('kernels')]),
          judged,
        ),
    ],
    ['schemes', () => ended(start(['run', '--profile', 'parallel', '--runs', '8', '--out', at('schemes')]), judged)],
    [
      'timings',
      () =>
        ended(
          start(['bench', '--baseline', 'native', '--mask', 'full,causal,document-causal', '--length', '256,512,1024', '--out', work]),
          [0],
        ),
    ],
    ['power', async () => writeFileSync(at('power.json'), await printed(start(['power', '--json'], 'pipe'), [0]))],
    ['simulation', async () => writeFileSync(at('simulation.json'), await printed(start(sweep, 'pipe'), [0]))],
    ['the site', writeSite],
    ['its picture', takePicture],
  ];
  for (const [name, step] of steps) {
    console.log(name);
    await step();
  }
  writeFileSync(join(folder, 'README.md'), text());
} finally {
  rmSync(work, { recursive: true });
}

async function writeSite(): Promise<void> {
  rmSync(site, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // as the site names them
  const results = ['kernels', 'schemes'].map((name) => join(name, 'result.json'));
  const more = ['--bench', 'bench.json', '--power', 'power.json', '--simulate', 'simulation.json'];
  const args = ['report', ...results, ...more, '--no-files', '--out', site, '--title', 'attention-cts: backends without a GPU'];
  await ended(start(args, 'ignore', work), [0]);
}

async function takePicture(): Promise<void> {
  const browser = await chromium.launch({ executablePath: findChromium(chromium.executablePath()), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    await page.getByRole('main').locator('table').first().waitFor();
    await page.screenshot({ path: join(folder, 'matrix.png') });
  } finally {
    await browser.close();
  }
}

function text(): string {
  const machine = Object.entries(machineOf()).map(([key, value]) => `${key} ${value}`);
  return `# The published report

[site/index.html](site/index.html): every backend that runs on a machine without a GPU, its schemes, timings and the suite's own power. It opens from disk, and needs no network.

Made on ${new Date().toISOString().slice(0, 10)} by \`npm run published\` on ${machine.join(', ')}. WebGPU and Chromium run on a software device here: their times are not to be
ranked against real ones. What we found in the backends is in [FINDINGS.md](../../adapters/FINDINGS.md).

![Implementations and checks](matrix.png)
`;
}
