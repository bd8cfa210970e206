import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { title } from '../../../backend.js';
import { pythonWith } from './python.js';

const suite = fileURLToPath(new URL('../../../../dist/suites/cli/main.js', import.meta.url));
const tools = await pythonWith('numpy', 'pytest');
const torch = await pythonWith('numpy', 'pytest', 'torch');

describe.skipIf(tools.missing)(title("FlashInfer's documents", tools), () => {
  it('are read, and every planted defect of a Definition is found', () => {
    const { status, stdout, stderr } = spawnSync(tools.python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test_audit.py'], {
      cwd: fileURLToPath(new URL('flashinfer', import.meta.url)),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/\d+ passed/);
  }, 240_000);

  it.skipIf(torch.missing)(
    'are matched, and Solutions called and traced',
    () => {
      const { status, stdout, stderr } = spawnSync(torch.python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test_judge.py'], {
        cwd: fileURLToPath(new URL('flashinfer', import.meta.url)),
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ATTN_CTS: `"${process.execPath}" "${suite}"` },
        encoding: 'utf8',
      });
      expect(status, stdout + stderr).toBe(0);
      expect(stdout).toMatch(/\d+ passed/);
    },
    240_000,
  );

  it('are audited from the command line, options and all', () => {
    const folder = mkdtempSync(join(tmpdir(), 'attn-flashinfer-'));
    try {
      const file = join(folder, 'd.json');
      const tensor = { shape: ['n'], dtype: 'float32' };
      writeFileSync(
        file,
        JSON.stringify({ name: 'd', op_type: 'x', axes: { n: { type: 'var' } }, inputs: { q: tensor }, outputs: { o: tensor } }),
      );
      const run = (...given: string[]) =>
        spawnSync(process.execPath, [suite, 'flashinfer', ...given, '--python', tools.python], { encoding: 'utf8' });
      const found = run('audit', file, '--json');
      expect(found.status, found.stderr).toBe(1);
      expect(JSON.parse(found.stdout).counts).toEqual({ 'no-reference': 1 });
      const wrong = run('audit', join(folder, 'nowhere.json'));
      expect(wrong.status).toBe(2);
      expect(wrong.stderr).toContain('no such file');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
