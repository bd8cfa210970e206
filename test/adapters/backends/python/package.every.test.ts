import { describe, it } from 'vitest';
import { title } from '../../../backend.js';
import { asksAll } from '../../../some.js';
import { expectPytest, pythonWith } from './python.js';

const tools = await pythonWith('numpy', 'pytest');

describe.skipIf(tools.missing)(title('the Python package', tools), () => {
  // a judged function takes seconds, and judged.every.test.ts judges some in npm run test:e2e
  const few = asksAll ? [] : ['-k', 'not judged_in_this_process'];

  it('passes its own tests', () => expectPytest(tools.python, '.', ['test_package.py', ...few], 11), 240_000);
});
