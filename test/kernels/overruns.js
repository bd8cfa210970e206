import { kernel } from './kernel.js';

/** Writes one float past the end of its keys, as a native kernel can. */
export default kernel('overruns', async ({ tensors: { k } }, right) => {
  const outputs = await right();
  new Float32Array(k.data.buffer, k.data.byteOffset + k.data.byteLength, 1)[0] = 0;
  return outputs;
});
