import { describe, it } from 'vitest';
import { title } from '../../../backend.js';
import { expectPytest, pythonWith } from './python.js';

const tools = await pythonWith('numpy', 'pytest');

describe.skipIf(tools.missing)(title('the Python package', tools), () => {
  it('passes its own tests', () => expectPytest(tools.python, '.', ['test_package.py']), 240_000);
});
