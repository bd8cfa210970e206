import { kernel } from './kernel.js';

/** Needs what this machine lacks. */
const adapter = kernel('unavailable', (_, right) => right());
export default {
  ...adapter,
  async open() {
    throw Object.assign(new Error('no device'), { name: 'Unavailable', reason: 'no device was found', remedy: 'plug one in' });
  },
};
