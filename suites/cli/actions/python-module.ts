import { spawn } from 'node:child_process';
import { findPython, pythonPath } from '../../../adapters/backends/python/interpreter.js';
import { Unavailable } from '../../../adapters/kernel.js';
import { asset } from '../../../adapters/system/assets.js';
import { quote } from '../../../reports/text/replay-line.js';
import { exitCodes } from '../../lib/exit-code.js';
import { UsageError } from '../../lib/usage-error.js';

/**
 * Runs a module of the Python package as a command; it calls this suite back.
 * @param modules those that the interpreter must have.
 * @param python the interpreter; by default the first that has them.
 * @returns the module's exit code.
 */
export async function pythonModuleAction(
  module: string,
  given: readonly string[],
  modules: readonly string[],
  python?: string,
): Promise<number> {
  const interpreter = await interpreterWith(modules, python);
  const env = {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: '1',
    ...pythonPath([asset('adapters/backends/python/package')]),
    ATTN_CTS: [process.execPath, asset('dist/suites/cli/main.js')].map(quote).join(' '),
  };
  const child = spawn(interpreter, ['-m', module, ...given], { stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? exitCodes.inconclusive));
  });
}

async function interpreterWith(modules: readonly string[], python: string | undefined): Promise<string> {
  try {
    return await findPython([...modules], python);
  } catch (error) {
    if (error instanceof Unavailable) throw new UsageError(error.message);
    throw error;
  }
}
