import { kernel, small } from './kernel.js';

/** Ends its process with code 3 from 20 keys on. */
export default kernel(
  'exits',
  ({ case: c }, right) => {
    if (c.dims.n >= 20) process.exit(3);
    return right();
  },
  small,
);
