import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findChromium } from '../../dist/adapters/backends/chromium/executable.js';
import { parseDocument } from '../../dist/spec/lib/documents.js';
import { machineOf } from '../../dist/suites/bench/machine.js';
import { ended, printed, start } from './attn-cts.js';
import { implementationsTable } from './implementations-table.js';
import { wrapMarkdown } from './wrap-markdown.js';

// as jiti loads it, it does not link
const { chromium } = createRequire(import.meta.url)('playwright-core') as typeof import('playwright-core');

/*
 * Writes the published report into reports/published/: every backend that runs here, with a picture of its first page. Run it with
 * `npm run published`. What a folder that `-- --from DIR` names has of its inputs is taken from there: kernels/ and schemes/ (each the folder of
 * a run), bench.json, longca/bench.json, power.json, simulation.json. `--without power` leaves out an input that takes longer than there is time.
 */
const folder = fileURLToPath(new URL('../../reports/published/', import.meta.url));
const site = join(folder, 'site');
const expectations = fileURLToPath(new URL('../../adapters/expectations.json', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'attention-cts-published-'));
const at = (...names: string[]) => join(work, ...names);
const { from, without = [] } = parseArgs({ options: { from: { type: 'string' }, without: { type: 'string', multiple: true } } }).values;
/** Exit codes of runs that are published: the failure of a kernel is a result, but a fault of the suite stops the script. */
const judged = [0, 1];

/** An input of the report: its name in the work folder, and what makes it where it is not given. */
interface Input {
  readonly name: string;
  readonly file: string;
  make(): Promise<void>;
}

const sweepOf = ['--scheme', 'ring,ring-zigzag,ring-striped,ulysses,all-gather', '--ranks', '8', '--tokens', '32K,64K,128K,256K'];
const sweep = ['simulate', ...sweepOf, '--cluster', 'h800-8', '--json'];

const inputs: readonly Input[] = [
  {
    name: 'kernels',
    file: 'kernels',
    make: () => ended(start(['run', '--runs', '20', '--slow', '2', '--expectations', expectations, '--out', at('kernels')]), judged),
  },
  {
    name: 'schemes',
    file: 'schemes',
    make: () =>
      ended(
        start(['run', '--profile', 'parallel', '--runs', '8', '--slow', '8', '--expectations', expectations, '--out', at('schemes')]),
        judged,
      ),
  },
  {
    name: 'timings',
    file: 'bench.json',
    make: () =>
      ended(
        start(['bench', '--baseline', 'native', '--mask', 'full,causal,document-causal', '--length', '256,512,1024', '--out', work]),
        [0],
      ),
  },
  {
    name: 'lengths',
    file: 'longca/bench.json',
    make: () => ended(start(['bench', '--preset', 'longca-full', '--adapter', 'native', '--budget', '600', '--out', at('longca')]), [0]),
  },
  {
    name: 'power',
    file: 'power.json',
    make: async () => writeFileSync(at('power.json'), await printed(start(['power', '--json'], 'pipe'), [0])),
  },
  {
    name: 'simulation',
    file: 'simulation.json',
    make: async () => writeFileSync(at('simulation.json'), await printed(start(sweep, 'pipe'), [0])),
  },
];

try {
  for (const { name, file, make } of inputs.filter((input) => !without.includes(input.name))) {
    console.log(name);
    if (from !== undefined && existsSync(join(from, file))) cpSync(join(from, file), at(file), { recursive: true });
    else await make();
  }
  console.log('the site');
  await writeSite();
  cpSync(join(site, 'implementations.json'), join(folder, 'implementations.json'));
  console.log('its picture');
  await takePicture();
  writeFileSync(join(folder, 'README.md'), `${wrapMarkdown(text().trim())}\n`);
} finally {
  rmSync(work, { recursive: true });
}

async function writeSite(): Promise<void> {
  rmSync(site, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // as the site names them
  const results = ['kernels', 'schemes'].map((name) => join(name, 'result.json'));
  const flags = [
    ['--bench', 'bench.json'],
    ['--bench', join('longca', 'bench.json')],
    ['--power', 'power.json'],
    ['--simulate', 'simulation.json'],
  ] as const;
  const more = flags.filter(([, file]) => existsSync(at(file)));
  const title = 'attention-cts: backends without a GPU';
  const there = results.filter((file) => existsSync(at(file)));
  const args = ['report', ...there, ...more.flat(), '--expectations', expectations, '--out', site, '--title', title];
  await ended(start(args, 'ignore', work), [0]);
}

async function takePicture(): Promise<void> {
  const browser = await chromium.launch({ executablePath: findChromium(chromium.executablePath()), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    await page.getByRole('main').getByRole('table').first().waitFor();
    await page.screenshot({ path: join(folder, 'matrix.png') });
  } finally {
    await browser.close();
  }
}

function judgedOn(): string {
  const { started } = JSON.parse(readFileSync(at('kernels', 'result.json'), 'utf8')) as { started: string };
  return started.slice(0, 10);
}

function text(): string {
  const machine = Object.entries(machineOf()).map(([key, value]) => `${key} ${value}`);
  const contents = {
    'schemes/result.json': 'schemes',
    'bench.json': 'timings',
    'longca/bench.json': 'timings at the shapes of LongCA-bench',
    'power.json': 'the power of the suite',
  };
  const rest = Object.entries(contents).flatMap(([file, word]) => (existsSync(at(file)) ? [word] : []));
  const document = parseDocument('implementations', readFileSync(join(folder, 'implementations.json'), 'utf8'), 'implementations.json');
  return `# The published report

Backends that run on a machine without a GPU${rest.map((word) => `, ${word}`).join('')}. \`npm run published\` judges
them and builds the site in \`site/\`, which opens from disk; the workflow
[site.yml](../../.github/workflows/site.yml) publishes it.

The kernels were judged on ${judgedOn()} on
${machine.join(', ')}.
WebGPU and Chromium run on a software device here. Defects that we found in the backends are in
[FINDINGS.md](../../adapters/FINDINGS.md). The table is made from [implementations.json](implementations.json),
which others may embed: its form is [a schema](../../spec/schema/implementations.schema.json), and its addresses are
those of the site.

![Implementations, the best first](matrix.png)

${implementationsTable(document)}
`;
}
