import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { checkDocument } from '../../../../spec/lib/documents.js';
import { title } from '../../../backend.js';
import { pythonWith, suite } from './python.js';

const python = await pythonWith();
const folder = mkdtempSync(join(tmpdir(), 'attn-cts-machine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const examples = new URL('../../../../adapters/backends/python/examples/machine/', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, examples), 'utf8');

describe.skipIf(python.missing)(title('the script that judges a machine', python), () => {
  it('leaves a result and a summary', () => {
    const { status, stderr } = spawnSync(
      python.python,
      [
        fileURLToPath(new URL('judge_machine.py', examples)),
        ...['--only', 'reference', '--out', folder, '--runs', '2', '--filter', 'softmax/full/oracle/f32'],
      ],
      { encoding: 'utf8', env: { ...process.env, ATTN_CTS: `"${process.execPath}" "${suite}"` } },
    );
    expect(status, stderr).toBe(0);
    const result = checkDocument('result', JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')), 'result.json');
    expect(result.checks.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('reference');
  });

  it('is what the notebook and the image run', () => {
    const { cells } = JSON.parse(text('judge_machine.ipynb')) as { cells: { source: string[] }[] };
    expect(cells.some(({ source }) => source.join('').includes('judge_machine.py --out'))).toBe(true);
    expect(text('Dockerfile')).toContain('COPY judge_machine.py');
  });
});
