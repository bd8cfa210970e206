import { kernel } from './kernel.js';

/** Dies of SIGSEGV from 20 keys on. */
export default kernel('segfaults', ({ case: c }, right) => {
  if (c.dims.n >= 20) {
    process.stderr.write('about to read beyond the end\n');
    process.kill(process.pid, 'SIGSEGV');
    while (true);
  }
  return right();
});
