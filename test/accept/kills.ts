import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, kernelFile, start, withoutTimes } from './attn-cts.js';

const plan = [
  '--adapter',
  'reference',
  '--adapter',
  kernelFile('nan'),
  '--runs',
  '3',
  '--filter',
  'softmax/{full,causal,sliding-window,document}/{oracle,visibility}/f32',
];
/** Exit codes of a run that ends by itself: 1, because one kernel fails. */
const codes = [1];

/**
 * Kills runs with SIGKILL at random moments and resumes them to their end. Every second run is killed twice.
 * @param times number of runs.
 * @returns descriptions of the runs that ended differently from an undisturbed one, or a note that too few were killed in time.
 */
export async function killedRuns(times: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-kills-'));
  const wrong: string[] = [];
  try {
    const begun = Date.now();
    await ended(start(['run', ...plan, '--out', join(folder, 'whole')]), codes);
    const took = Date.now() - begun;
    const whole = traces(join(folder, 'whole'));
    let inTime = 0;
    for (let i = 0; i < times; i++) {
      const out = join(folder, String(i));
      const moments = Array.from({ length: 1 + (i % 2) }, () => Math.round(Math.random() * took));
      const kills: boolean[] = [];
      for (const moment of moments) kills.push(await killedAfter(moment, out));
      if (kills.includes(true)) inTime++;
      await ended(start(['run', ...plan, '--out', out, '--resume']), codes);
      if (traces(out) !== whole) wrong.push(`killed after ${moments.join(' ms and ')} ms, it came to another end`);
      rmSync(out, { recursive: true });
    }
    console.log(`  ${times} runs of ${took} ms, ${inTime} of them killed before their end: ${times - wrong.length} as undisturbed`);
    if (inTime < times / 2) wrong.push(`only ${inTime} of ${times} runs were killed before they ended`);
    return wrong;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Starts or resumes a run and kills it after a time. @returns whether the run was still going on. */
async function killedAfter(milliseconds: number, out: string): Promise<boolean> {
  const child = start(['run', ...plan, '--out', out, '--resume']);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await closed;
  clearTimeout(timer);
  return child.signalCode === 'SIGKILL';
}

/** Traces that a run leaves behind: its result without times, and the names of its failure files and the text of their JSON documents. */
function traces(out: string): string {
  const failures = readdirSync(join(out, 'failures'), { recursive: true, encoding: 'utf8' }).sort();
  const documents = failures.filter((name) => name.endsWith('.json')).map((name) => readFileSync(join(out, 'failures', name), 'utf8'));
  return [JSON.stringify(withoutTimes(join(out, 'result.json'))), ...failures, ...documents].join('\n');
}
