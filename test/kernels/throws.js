import { kernel } from './kernel.js';

/** Throws from 20 keys on. */
export default kernel('throws', ({ case: c }, right) => {
  if (c.dims.n >= 20) throw new TypeError(`cannot do ${c.dims.n} keys`);
  return right();
});
