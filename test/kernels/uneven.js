import { kernel } from './kernel.js';

/** Takes as many queries as keys: throws where there are fewer, and dies where there are more. */
export default kernel('uneven', ({ case: c }, right) => {
  if (c.dims.m < c.dims.n) throw new TypeError(`cannot do ${c.dims.m} queries`);
  if (c.dims.m > c.dims.n) process.abort();
  return right();
});
