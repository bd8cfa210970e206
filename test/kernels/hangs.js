import { kernel } from './kernel.js';

/** Never answers from 20 keys on. */
export default kernel('hangs', ({ case: c }, right) => {
  if (c.dims.n >= 20) while (true);
  return right();
});
