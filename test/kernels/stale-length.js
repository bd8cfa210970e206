import { kernel } from './kernel.js';

let first;

/** The number of keys is that of the first call: with any other number, nothing is computed. */
export default kernel('stale-length', async ({ case: c }, right) => {
  const outputs = await right();
  first ??= c.dims.n;
  if (c.dims.n !== first) outputs.o.data.fill(0);
  return outputs;
});
