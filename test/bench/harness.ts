import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findPython } from '../../adapters/backends/python/interpreter.js';
import { judgeAdapters } from '../judge-adapters.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Cases of a round. */
const CASES = 2000;

const passes = ['forward', 'gradients'] as const;
type Rates = Readonly<Record<(typeof passes)[number], number>>;

/**
 * Small cases for each second of CPU time, all processes together and without their start-up: ours, of the reference and of the compiled kernel, and those of a
 * harness of Hypothesis, PyTorch and `allclose` on the same sizes, in turns. The target is twice the harness, whose kernel is compiled.
 */
export async function benchHarness(): Promise<void> {
  const python = await findPython(['torch', 'hypothesis']).catch((error: Error) => error);
  const rounds: { native: Rates; harness: Rates | undefined }[] = [];
  for (let round = 0; round < 3; round++) {
    const [reference, native] = [await ratesOf('reference'), await ratesOf('native')];
    const harness = typeof python === 'string' ? harnessRates(python) : undefined;
    rounds.push({ native, harness });
    console.log(
      `small cases a CPU second: of reference: ${text(reference)}; of native: ${text(native)}; ` +
        (harness
          ? `of the harness: ${text(harness)}`
          : `the harness did not run${typeof python === 'string' ? '' : `: ${python.message}`}`),
    );
  }
  const times = (pass: keyof Rates) =>
    rounds.flatMap(({ native, harness }) => (harness ? native[pass] / harness[pass] : [])).sort((x, y) => x - y)[1];
  if (rounds.every(({ harness }) => harness))
    console.log(
      `small cases of native over those of the harness (target 2): ${passes.map((pass) => `${pass} ${times(pass).toFixed(2)}`).join(', ')}`,
    );
}

function text(rates: Rates): string {
  return passes.map((pass) => `${pass} ${Math.round(rates[pass])}`).join(', ');
}

async function ratesOf(kernel: string): Promise<Rates> {
  const adapter = here(`./small-${kernel}.js`);
  return { forward: await rate('oracle', adapter), gradients: await rate('gradient', adapter) };
}

/** @returns undefined where the harness does not run. */
function harnessRates(python: string): Rates | undefined {
  try {
    const lines = execFileSync(python, [here('./hypothesis_harness.py'), String(CASES)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [forward, gradients] = lines
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]));
    return { forward, gradients };
  } catch {
    return undefined;
  }
}

async function rate(property: string, adapter: string): Promise<number> {
  const few = await cpuOf(property, adapter, CASES / 10);
  const many = await cpuOf(property, adapter, CASES);
  return (many.cases - few.cases) / (many.seconds - few.seconds);
}

/** CPU time of a run, with that of its processes, which have ended. */
async function cpuOf(property: string, adapter: string, runs: number): Promise<{ cases: number; seconds: number }> {
  const before = cpuSeconds();
  const result = await judgeAdapters(
    {
      adapters: [adapter],
      profiles: ['core', 'training'],
      filter: ['full', 'causal'].map((mask) => `softmax/${mask}/${property}/f32`),
      seed: 0,
      runs,
    },
    {},
  );
  const seconds = cpuSeconds() - before;
  const failed = result.checks.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) throw new Error(`${failed[0].id} failed`);
  return { cases: result.checks.reduce((sum, check) => sum + check.cases, 0), seconds };
}

/** CPU time of this process, all its threads, and its children that have ended: utime, stime, cutime, cstime, in hundredths of a second. */
function cpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
}
