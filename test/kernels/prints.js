import { kernel } from './kernel.js';

/** Right, and talkative. */
export default kernel('prints', (_, right) => {
  console.log('{"type":"replies"}'.repeat(500));
  process.stderr.write('warning\n');
  return right();
});
