import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { title } from '../../../backend.js';
import { asksAll } from '../../../some.js';
import { expectPytest, pythonWith, suite } from './python.js';

const tools = await pythonWith('numpy', 'pytest', 'torch');

// each is a run of its own: minutes
describe.skipIf(tools.missing || !asksAll)(title('Solutions and references of FlashInfer', tools), () => {
  it('are judged from the command line, which starts the suite again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'attn-flashinfer-'));
    try {
      const written = `import json, sys; from definitions import *; from solutions import twelve, PAGED
json.dump(PAGED, open(sys.argv[1] + "/d.json", "w")); json.dump(twelve()["lse in base e"][1], open(sys.argv[1] + "/s.json", "w"))`;
      const cwd = fileURLToPath(new URL('flashinfer', import.meta.url));
      spawnSync(tools.python, ['-B', '-c', written, folder], { cwd });
      const given = [join(folder, 's.json'), '--definition', folder, '--runs', '2', '--filter', 'softmax+grouped/*/oracle/*', '--json'];
      const { ATTN_CTS: _, ...env } = process.env;
      const { status, stdout, stderr } = spawnSync(process.execPath, [suite, 'flashinfer', 'judge', ...given, '--python', tools.python], {
        encoding: 'utf8',
        env,
      });
      expect(status, stderr).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'fail', status: 'INCORRECT_NUMERICAL' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);

  it('have the right verdicts', () => expectPytest(tools.python, 'flashinfer', ['test_every.py']), 1_800_000);
});
