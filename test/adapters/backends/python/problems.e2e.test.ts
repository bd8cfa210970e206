import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../../spec/lib/documents.js';
import { title } from '../../../backend.js';
import { expectPytest, pythonWith, suite } from './python.js';

const tools = await pythonWith('numpy', 'pytest', 'torch');
const file = (name: string) => fileURLToPath(new URL(`problems/${name}`, import.meta.url));

describe.skipIf(tools.missing)(title('attn_cts.problems', tools), () => {
  it('passes its own tests', () => expectPytest(tools.python, 'problems', [], 60));

  it('is what judge --solution runs', () => {
    const run = (...given: string[]) =>
      spawnSync(process.execPath, [suite, 'judge', ...given, '--python', tools.python], { encoding: 'utf8' });
    const found = run(file('causal.py'), '--solution', file('full.py'), '--runs', '1', '--json');
    expect(found.status, found.stderr).toBe(1);
    const document = parseDocument('problemVerdict', found.stdout, 'the verdict');
    expect(document).toMatchObject({ verdict: 'fail', kind: 'operator', operator: 'softmax attention, causal, bhld', seed: 0 });
    expect(document.causes[0]).toMatchObject({ kind: 'value', draw: '0, given' });
    const wrong = run(file('causal.py'), '--form', 'kernelbench');
    expect(wrong.status).not.toBe(0);
    expect(wrong.stderr).toContain('add --solution FILE');
    const none = run(file('full.py'), '--solution', file('full.py'));
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('must define Model');
  });
});
