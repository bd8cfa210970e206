import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judgeAdapters } from '../judge-adapters.js';
import { benchBlocks } from './blocks.js';
import { benchFold } from './fold.js';
import { benchGate } from './gate.js';
import { benchHarness } from './harness.js';
import { benchLong } from './long.js';
import { benchOracle } from './oracle.js';
import { benchOrders } from './orders.js';
import { benchReports } from './reports.js';
import { benchShare } from './share.js';
import { benchSweep, benchTorus } from './simulate.js';
import { benchSite } from './site.js';
import { benchVirtual } from './virtual.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

await benchOracle();
benchBlocks();
benchLong();
benchFold();
await benchHarness();
await benchOrders();
await benchVirtual();
await benchRun('forward cases end to end (target 2,000 a second)', here('./small-reference.js'), 3000);
await benchRun('forward cases of a Python process (target 300 a second)', here('./small-process.js'), 500);
for (const id of ['onnxruntime-attention', 'native']) await benchShare(id);
await benchReports();
await benchSite();
await benchGate();
await benchSweep();
await benchTorus();
benchHelp();

/** Cases judged end to end, after the adapter has started. */
async function benchRun(what: string, adapter: string, runs: number): Promise<void> {
  let begun = 0;
  const onAdapter = () => {
    begun = performance.now();
  };
  const result = await judgeAdapters(
    { adapters: [adapter], profiles: ['core'], filter: ['softmax/*/oracle/f32'], seed: 0, runs },
    { onAdapter },
  );
  const seconds = (performance.now() - begun) / 1000;
  const cases = result.checks.reduce((sum, c) => sum + c.cases, 0);
  const verdicts = new Set(result.checks.map((c) => c.verdict).filter((v) => v !== 'unsupported'));
  console.log(`${cases} ${what}: ${seconds.toFixed(1)} s, ${Math.round(cases / seconds)} a second (${[...verdicts].join(', ')})`);
}

/** attn-cts --help: target well under half a second. */
function benchHelp(): void {
  const main = here('../../dist/suites/cli/main.js');
  const times = Array.from({ length: 7 }, () => {
    const begun = performance.now();
    execFileSync(process.execPath, [main, '--help']);
    return performance.now() - begun;
  }).sort((a, b) => a - b);
  console.log(`attn-cts --help: ${Math.round(times[3])} ms`);
}
