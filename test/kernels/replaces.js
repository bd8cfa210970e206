import { kernel } from './kernel.js';

/** Answers rightly once, and replaces what tensors are made with. */
export default kernel('replaces', async (_, right) => {
  const outputs = await right();
  globalThis.Float32Array = class extends Float32Array {};
  return outputs;
});
