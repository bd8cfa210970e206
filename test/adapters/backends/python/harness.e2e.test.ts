import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { harness } from '../../../../adapters/backends/python/index.js';
import { title } from '../../../backend.js';
import { expectPytest, pythonWith } from './python.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
const tools = await pythonWith('numpy', 'pytest', 'torch');
const numpy = await pythonWith('numpy');

describe.skipIf(tools.missing)(title('attn_cts.py', tools), () => {
  it('passes its own tests', () => expectPytest(tools.python, 'harness', [], 200), 120_000);
});

describe.skipIf(numpy.missing)(title('attn_cts.py as a program', numpy), () => {
  const serve = (args: string[], input: string) => spawnSync(numpy.python, args, { cwd: folder, env, input, encoding: 'utf8' });
  const start = '{"cmd":"start","protocol":1}\n';

  it('answers a line with a line, and keeps what the kernel prints off its output', () => {
    const { status, stdout, stderr } = serve([harness, 'kernels/several.py:unscaled'], `${start}nonsense\n{"cmd":"stop"}\n`);
    expect(status).toBe(0);
    const [started, answer, rest] = stdout.split('\n').map((line) => line && JSON.parse(line));
    expect(started).toMatchObject({ protocol: 1, adapter: { id: 'unscaled' }, capabilities: { operators: ['softmax'], masks: ['full'] } });
    expect(answer).toEqual({ seq: null, error: { message: expect.stringContaining('is not JSON') } });
    expect(rest).toBe('');
    expect(stderr).toContain('a print while the file loads');
  });

  it('ends where its input does', () => {
    expect(serve([harness, 'kernels/several.py:unscaled'], start).status).toBe(0);
  });

  it('says how it is used', () => {
    const { status, stderr } = serve([harness], '');
    expect(status).toBe(2);
    expect(stderr).toContain('FILE.py:FUNCTION');
  });

  it('serves a file that ends with serve()', () => {
    const program = `import sys; sys.path.insert(0, ${JSON.stringify(fileURLToPath(new URL('../../../../adapters/backends/python', import.meta.url)))})
import attn_cts
@attn_cts.kernel
def mine(q, k, v): return q
attn_cts.serve()`;
    const { stdout } = serve(['-c', program], start);
    expect(JSON.parse(stdout)).toMatchObject({ adapter: { id: 'mine' } });
  });
});
