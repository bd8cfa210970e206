import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asksAll } from '../../some.js';

const main = resolve('dist/suites/cli/main.js');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-streams-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line of shell in which `cts` is the compiled command. */
function shell(line: string): { code: number | null; stdout: string; stderr: string } {
  const script = `set -o pipefail; cts() { ${JSON.stringify(process.execPath)} ${JSON.stringify(main)} "$@"; }; ${line}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8', timeout: 110_000 });
  return { code: status, stdout, stderr };
}

const run = "cts run --adapter reference --filter 'softmax/causal/oracle/f32' --runs 2 --jobs 1";
const clean = (stderr: string) => expect(stderr).not.toMatch(/fault of attention-cts|\n {4}at |node:/);

describe('the command itself', () => {
  it.skipIf(asksAll).each([
    ['standard output has no room', 'cts list masks > /dev/full', /^error: standard output: the disk is full; free/],
    ['a file may not grow', `ulimit -f 0; ${run} --out out`, /^error: --out: .*: the file is larger than is allowed; raise ulimit -f/m],
    [
      'too few files may be open',
      `ulimit -n 32; ${run} --out few`,
      /^error: .*too many files are open; raise ulimit -n, or use fewer --jobs/m,
    ],
    ['the working folder is gone', `mkdir gone; cd gone; rmdir ../gone; ${run}`, /the working folder no longer exists|uv_cwd|getcwd/],
  ])('says so in one line where %s', (_, line, says) => {
    const { code, stderr } = shell(line);
    expect(stderr).toMatch(says);
    clean(stderr);
    expect(code).toBe(2);
  });

  it.skipIf(asksAll)('takes a reader that leaves early for no fault', () => {
    const { code, stdout, stderr } = shell('cts list checks --adapter reference | head -1');
    expect(stdout).toMatch(/^CHECK/);
    clean(stderr);
    expect(code).toBe(0);
  });

  it.skipIf(!asksAll)('keeps the exit code of a failure where nobody reads it', () => {
    const failed = shell(`${run.replace('reference', resolve('test/kernels/nan.js'))} --runs 5 --out failed | true`);
    clean(failed.stderr);
    expect(failed.code).toBe(1);
  });
});
