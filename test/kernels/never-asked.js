import { kernel } from './kernel.js';

/** Right, and claims an output that its operator does not have: nothing ever asks for it. */
export default kernel('never-asked', (_, right) => right(), { outputs: ['o', 'lse', 'second'] });
