import { describe, it } from 'vitest';
import { title } from '../../../backend.js';
import { expectPytest, pythonWith } from './python.js';

const tools = await pythonWith('numpy', 'pytest', 'torch', 'jax');

describe.skipIf(tools.missing)(title('attn_cts.testing', tools), () => {
  it('passes its own tests', () => expectPytest(tools.python, 'testing', [], 40));
});
