import { kernel } from './kernel.js';

/** Its process ends while it opens. */
const adapter = kernel('dies-at-start', (_, right) => right());
export default {
  ...adapter,
  async open() {
    process.stderr.write('cannot find the driver\n');
    process.exit(7);
  },
};
