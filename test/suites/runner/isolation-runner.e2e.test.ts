import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { title } from '../../backend.js';
import { misbehaves, python } from '../../kernels/misbehaves.js';
import { eventually, processesWith } from './process-table.js';
import { kernelPath, scratch } from './run-kernels.js';

const main = fileURLToPath(new URL('../../../dist/suites/cli/main.js', import.meta.url));

/** A caseLoop of its own, as a user starts it. */
function caseLoop(adapter: string, tmp: string, out = scratch()): ChildProcess {
  const flags = [
    '--filter',
    'softmax/full/oracle/f32',
    '--runs',
    '6',
    '--timeout',
    '600',
    '--jobs',
    '1',
    '--speed',
    'slow',
    '--out',
    out,
    '--tmp',
    tmp,
  ];
  const child = spawn(process.execPath, [main, 'run', '--adapter', adapter, ...flags], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The host, the process, and its two children are there, and under way. */
const underWay = (tmp: string) => processesWith(tmp).filter((command) => command.includes('time.sleep(600)')).length === 2;

describe.skipIf(python.missing)(title('the runner ends, and what it started ends with it', python), () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('by %s, under a call that never returns', async (signal) => {
    const tmp = scratch();
    const child = caseLoop(`process:python3 ${misbehaves} hang ${tmp}/`, tmp);
    await eventually('a call is under way', () => underWay(tmp));
    child.kill(signal);
    await once(child, 'exit');
    await eventually('nothing is left', () => processesWith(tmp).length === 0 && readdirSync(tmp).length === 0);
  });

  test('by SIGKILL, while the host itself hangs', async () => {
    const tmp = scratch();
    const out = scratch();
    const child = caseLoop(kernelPath('hangs'), tmp, out);
    const journal = join(out, 'journal.jsonl');
    await eventually('a check has begun', () => existsSync(journal) && readFileSync(journal, 'utf8').includes('begin'));
    expect(processesWith(tmp).some((command) => command.includes('host-process'))).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await eventually('nothing is left', () => processesWith(tmp).length === 0 && readdirSync(tmp).length === 0);
    expect(processesWith(tmp)).toEqual([]);
  });
});
