import { kernel, small } from './kernel.js';

/** Dies of SIGABRT from 20 keys on, as a failed assertion in native code does. */
export default kernel(
  'aborts',
  ({ case: c }, right) => {
    if (c.dims.n >= 20) process.abort();
    return right();
  },
  small,
);
