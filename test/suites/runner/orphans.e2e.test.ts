import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { adoptOrphans, orphans } from '../../../suites/runner/host/orphans.js';
import { kernelPath, scratch } from './run-kernels.js';

const program = fileURLToPath(new URL('../../../dist/suites/cli/main.js', import.meta.url));

/** Neither gone nor waiting to be reaped. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform !== 'linux')('what a kernel leaves behind', () => {
  test('in a session, an environment and under a parent that nobody knows is ended with its host', { timeout: 180_000 }, () => {
    const out = scratch();
    const file = join(out, 'pid');
    const flags = ['--filter', 'softmax/causal/oracle/f32', '--runs', '3', '--out', join(out, 'out')];
    const { status, stderr } = spawnSync(process.execPath, [program, 'run', '--adapter', kernelPath('daemon'), ...flags], {
      encoding: 'utf8',
      env: { ...process.env, ATTN_DAEMON: file },
    });
    expect(existsSync(file), stderr).toBe(true);
    const pid = Number(readFileSync(file, 'utf8'));
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    expect(pid).toBeGreaterThan(1);
    expect(status).toBe(0);
    expect(stderr).not.toContain('cannot be found');
    expect(isAlive(pid)).toBe(false);
  });

  test('is nothing of ours in a process that is somebody else’s', async () => {
    expect(await adoptOrphans()).toBeUndefined();
    expect(orphans()).toEqual([]);
  });
});
