import { kernel } from './kernel.js';

/** Answers what the reference answers. */
export default kernel('correct', (_, right) => right());
