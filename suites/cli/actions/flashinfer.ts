import { spawn } from 'node:child_process';
import { findPython, pythonPath } from '../../../adapters/backends/python/interpreter.js';
import { Unavailable } from '../../../adapters/kernel.js';
import { asset } from '../../../adapters/system/assets.js';
import { quote } from '../../../reports/text/replay-line.js';
import { exitCodes } from '../../lib/exit-code.js';
import { UsageError } from '../../lib/usage-error.js';

/** Runs `attn-cts flashinfer` in Python, which calls this suite back. @returns its exit code. */
export async function flashinferAction(given: readonly string[], python?: string): Promise<number> {
  const interpreter = await interpreterFor(given, python);
  const env = {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: '1',
    ...pythonPath([asset('adapters/backends/python/package')]),
    ATTN_CTS: [process.execPath, asset('dist/suites/cli/main.js')].map(quote).join(' '),
  };
  const child = spawn(interpreter, ['-m', 'attn_cts.flashinfer', ...given], { stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? exitCodes.inconclusive));
  });
}

async function interpreterFor(given: readonly string[], python: string | undefined): Promise<string> {
  const runs = given[0] === 'judge' || given.includes('--references');
  try {
    return await findPython(runs ? ['numpy', 'torch'] : ['numpy'], python);
  } catch (error) {
    if (error instanceof Unavailable) throw new UsageError(error.message);
    throw error;
  }
}
