import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../dist/suites/runner/run.js';
import { benchOracle } from './oracle.js';

await benchOracle();
await benchRun();
benchHelp();

/** Forward cases judged end to end: target 2,000 a second on two cores. */
async function benchRun(): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'attn-bench-'));
  const adapter = fileURLToPath(new URL('./small-reference.js', import.meta.url));
  const options = {
    adapters: [adapter],
    profiles: ['core'],
    filter: ['softmax/*/oracle/f32'],
    seed: 0,
    timeout: 60,
    startTimeout: 120,
    out,
    resume: false,
    documents: [],
    dialect: {},
  };
  let begun = 0;
  const result = await run(
    { ...options, runs: 3000 },
    {
      onAdapter: () => {
        begun = performance.now();
      },
    },
  );
  const seconds = (performance.now() - begun) / 1000;
  const cases = result.checks.reduce((sum, c) => sum + c.cases, 0);
  const verdicts = new Set(result.checks.map((c) => c.verdict));
  console.log(
    `run: ${cases} forward cases end to end in ${seconds.toFixed(1)} s: ${Math.round(cases / seconds)} a second (${[...verdicts].join(', ')})`,
  );
  rmSync(out, { recursive: true });
}

/** attn-cts --help: target well under half a second. */
function benchHelp(): void {
  const main = fileURLToPath(new URL('../../dist/suites/cli/main.js', import.meta.url));
  const times = Array.from({ length: 7 }, () => {
    const begun = performance.now();
    execFileSync(process.execPath, [main, '--help']);
    return performance.now() - begun;
  }).sort((a, b) => a - b);
  console.log(`attn-cts --help: ${Math.round(times[3])} ms`);
}
