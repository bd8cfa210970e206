import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const module = resolve('dist/suites/runner/host/guardian.js');
const left: { kill: () => void }[] = [];
afterEach(() => {
  for (const one of left.splice(0)) one.kill();
});

/** A process that leads a group, with an empty environment, and a folder that is its own. */
function host(): { pid: number; path: string; ended: Promise<unknown> } {
  const path = mkdtempSync(join(tmpdir(), 'attention-cts guarded '));
  const child = spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore', env: {} });
  left.push({ kill: () => child.kill('SIGKILL') }, { kill: () => rmSync(path, { recursive: true, force: true }) });
  return { pid: child.pid as number, path, ended: new Promise((ended) => child.once('exit', (_, signal) => ended(signal))) };
}

/** Runs these lines in a runner that is killed at their end. */
function killedRunner(lines: string): void {
  const program = `import { forget, watchOver } from ${JSON.stringify(module)};\n${lines}\nprocess.kill(process.pid, 'SIGKILL');`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', program]).signal).toBe('SIGKILL');
}

describe.skipIf(process.platform === 'win32')('when a runner is killed', () => {
  test('its hosts end, though nothing in their environment tells whose they are, and their folders are removed', async () => {
    const hosts = [host(), host()];
    killedRunner(
      hosts.map(({ pid, path }) => `watchOver(${JSON.stringify({ path })});watchOver(${JSON.stringify({ path, pid })});`).join(''),
    );
    for (const { ended, path } of hosts) {
      expect(await ended).toBe('SIGKILL');
      await expect.poll(() => existsSync(path)).toBe(false);
    }
  });

  test('what had ended before is left alone', async () => {
    const [done, other] = [host(), host()];
    killedRunner(`watchOver(${JSON.stringify(done)});watchOver(${JSON.stringify(other)});forget(${JSON.stringify(done.path)});`);
    expect(await other.ended).toBe('SIGKILL');
    await expect.poll(() => existsSync(other.path)).toBe(false);
    expect(existsSync(done.path)).toBe(true);
    expect(() => process.kill(done.pid, 0)).not.toThrow();
  });

  test('a guardian that was killed has a successor, which is told of the hosts before it', async () => {
    const [first, second] = [host(), host()];
    killedRunner(`
      import { spawnSync } from 'node:child_process';
      watchOver(${JSON.stringify(first)});
      const { stdout } = spawnSync('ps', ['-o', 'pid=,comm=', '--ppid', String(process.pid)], { encoding: 'utf8' });
      const [, guardian] = /(\\d+) sh$/m.exec(stdout);
      process.kill(Number(guardian), 'SIGKILL');
      await new Promise((done) => setTimeout(done, 300));
      watchOver(${JSON.stringify(second)});
    `);
    expect(await first.ended).toBe('SIGKILL');
    expect(await second.ended).toBe('SIGKILL');
  });
});
