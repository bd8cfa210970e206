import { kernel } from './kernel.js';

/** The last element is NaN from 20 keys on. */
export default kernel('nan', async ({ case: c }, right) => {
  const outputs = await right();
  if (c.dims.n >= 20) outputs.o.data[outputs.o.data.length - 1] = NaN;
  return outputs;
});
