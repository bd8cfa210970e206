import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadHub, loadPython } from '../../../../adapters/backends/python/index.js';
import { findPython } from '../../../../adapters/backends/python/interpreter.js';
import { Unavailable } from '../../../../adapters/kernel.js';
import { title } from '../../../backend.js';
import { pythonWith } from './python.js';

const kernels = fileURLToPath(new URL('kernels', import.meta.url));
const numpy = await pythonWith('numpy');

/** The message of the Unavailable that is thrown. */
async function refusal(load: Promise<unknown>): Promise<string> {
  const error = await load.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(Unavailable);
  return (error as Error).message;
}

describe('python: without a Python', () => {
  it.each([
    ['kernel', 'names no Python file'],
    [`${kernels}/sevral.py:plain`, 'did you mean several.py?'],
    [`${kernels}/elsewhere/kernel.py:plain`, 'there is no folder'],
    [`${kernels}/something-else.py:plain`, 'has bare.py, '],
  ])('%s is refused', async (target, problem) => {
    expect(await refusal(loadPython(target, {}))).toContain(problem);
  });

  it('hub: without a function or a name is refused', async () => {
    expect(await refusal(loadHub('attention', {}))).toContain('write hub:OWNER/KERNEL:function');
  });

  it('an interpreter that is none is named', async () => {
    expect(await refusal(findPython(['numpy'], '/nowhere/python'))).toContain('/nowhere/python cannot be run as a Python interpreter');
  });
});

describe.skipIf(numpy.missing)(title('python:', numpy), () => {
  it('says what an interpreter lacks, and what to install', async () => {
    const message = await refusal(findPython(['numpy', 'no_such_module'], numpy.python));
    expect(message).toContain('has no no_such_module');
    expect(message).toContain(`${numpy.python} -m pip install no_such_module`);
  });

  it.each([
    ['several.py:plan', 'has no function plan', 'it has plain'],
    ['several.py:limit', 'limit in', 'is a int, no function'],
    ['several.py', 'functions with @kernel: unscaled, writes, overclaims, raises', 'name one, as in'],
    ['bare.py:attention', 'argument dropout has no default', 'bare.py:1'],
    ['torn.py:attention', 'SyntaxError', 'torn.py, line 1'],
    ['needs.py:attention', 'has no a_module_that_nobody_has', 'a_module_that_nobody_has, or name another Python'],
  ])('%s is refused with the mend', async (target, reason, mend) => {
    const message = await refusal(loadPython(`${kernels}/${target}`, {}));
    expect(message).toContain(reason);
    expect(message).toContain(mend);
  });

  it('a function that is not decorated claims what its signature says', async () => {
    const adapter = await loadPython(`${kernels}/several.py:plain`, {});
    expect(adapter).toMatchObject({
      id: 'plain',
      capabilities: { dtypes: ['f32'], masks: ['full'], options: ['scale'], denseMask: false },
    });
    await (await adapter.open())[Symbol.asyncDispose]();
  });
});
