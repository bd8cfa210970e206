import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { title } from '../../../backend.js';
import { pythonWith } from './python.js';

const tools = await pythonWith('numpy', 'pytest', 'torch');

describe.skipIf(tools.missing)(title('Solutions and references of FlashInfer', tools), () => {
  it('have the right verdicts', () => {
    const suite = fileURLToPath(new URL('../../../../dist/suites/cli/main.js', import.meta.url));
    const { status, stdout, stderr } = spawnSync(tools.python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test_every.py'], {
      cwd: fileURLToPath(new URL('flashinfer', import.meta.url)),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ATTN_CTS: `"${process.execPath}" "${suite}"` },
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/\d+ passed/);
  }, 1_800_000);
});
