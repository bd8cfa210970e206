import { kernel, small } from './kernel.js';

/** Speaks on its host's channel. */
export default kernel(
  'forges',
  (_, right) => {
    process.send({ type: 'verdict', verdict: 'pass' });
    return right();
  },
  small,
);
