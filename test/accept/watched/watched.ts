import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPython, pythonPath } from '../../../dist/adapters/backends/python/interpreter.js';
import { installedPython } from '../../../dist/adapters/project/installed.js';
import { projects } from '../../../dist/adapters/project/projects.js';
import { asset } from '../../../dist/adapters/system/assets.js';
import { installed } from '../existing-tests/existing-tests.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const suite = fileURLToPath(new URL('../../../dist/suites/cli/main.js', import.meta.url));
const requirements = ['pytest==9.2.0', 'pluggy==1.7.0', 'iniconfig==2.3.1', 'packaging==26.4', 'pygments==2.21.0'];

/**
 * Runs a test that trains a model of transformers for two steps, with and without `--attn-cts-watch`, and with a fault in its attention.
 * @returns what is wrong: a verdict that is not what it must be, in words.
 */
export async function watchedModel(): Promise<string[]> {
  const project = projects().get('transformers');
  const python = project && installedPython(project);
  if (python === undefined) return ['transformers is not installed: node dist/suites/cli/main.js project install transformers'];
  const pytest = installed(await findPython(['numpy', 'pytest']), { id: 'pytest', requirements });
  const run = (...options: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'attn-cts-watched-'));
    const began = Date.now();
    const argv = ['-m', 'pytest', '-s', '-p', 'no:cacheprovider', '-p', 'attn_cts.pytest_plugin', ...options, join(here, 'test_model.py')];
    const { status, stdout, stderr } = spawnSync(python, argv, {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...pythonPath([asset('adapters/backends/python/package'), here, pytest]),
        ATTN_CTS: `"${process.execPath}" "${suite}"`,
        COLUMNS: '1000',
        TMPDIR: folder,
      },
    });
    rmSync(folder, { recursive: true, force: true });
    const printed = stdout.split('\n').filter((line) => /^(step |not judged|(pass|FAIL) |\d+ calls| {6})/.test(line));
    console.log([`pytest ${options.join(' ')} (${((Date.now() - began) / 1000).toFixed(1)} s, exit ${status})`, ...printed].join('\n  '));
    return { status, text: stdout + stderr };
  };
  const wrong: string[] = [];
  const must = (what: string, { status, text }: ReturnType<typeof run>, exit: number, found: RegExp) => {
    if (status !== exit || !found.test(text)) wrong.push(`${what}: exit ${status}, must be ${exit} and say ${found}: ${text.slice(-2000)}`);
  };
  must('without the watch', run(), 0, /1 passed/);
  must('with the watch', run('--attn-cts-watch'), 0, /4 calls of 1 signatures, 1 judged, 0 wrong/);
  must('with a fault', run('-p', 'planted', '--attn-cts-watch'), 1, /1 judged, 1 wrong[\s\S]*FAIL/);
  return wrong;
}
