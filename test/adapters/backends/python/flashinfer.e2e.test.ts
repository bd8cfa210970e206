import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../../spec/lib/documents.js';
import { title } from '../../../backend.js';
import { expectPytest, pythonWith, suite } from './python.js';

const tools = await pythonWith('numpy', 'pytest');
const torch = await pythonWith('numpy', 'pytest', 'torch');

describe.skipIf(tools.missing)(title("FlashInfer's documents", tools), () => {
  it(
    'are read, and every planted defect of a Definition is found',
    () => expectPytest(tools.python, 'flashinfer', ['test_audit.py']),
    240_000,
  );

  it.skipIf(torch.missing)(
    'are matched, and Solutions called and traced',
    () => expectPytest(torch.python, 'flashinfer', ['test_signatures.py', 'test_solutions.py', 'test_workloads.py']),
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
      const document = parseDocument('flashInferAudit', found.stdout, 'the audit');
      expect(document.counts).toEqual({ 'no-reference': 1 });
      expect(document.matches).toEqual([
        { definition: 'd', path: file, why: 'its inputs q match no signature; single-prefill also needs k, v' },
      ]);
      const wrong = run('audit', join(folder, 'nowhere.json'));
      expect(wrong.status).toBe(2);
      expect(wrong.stderr).toContain('no such file');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
