import { kernel } from './kernel.js';

const adapter = kernel('dies-last', (_, right) => right());

/** Every answer is right; it dies when it is disposed of. */
export default {
  ...adapter,
  async open() {
    return { ...(await adapter.open()), [Symbol.asyncDispose]: async () => process.abort() };
  },
};
