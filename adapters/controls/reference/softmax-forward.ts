import type { SoftmaxOutputs, SoftmaxProblem } from './softmax-problem.js';
import type { Steps } from './steps.js';

export type SoftmaxForward = (p: SoftmaxProblem, steps: Steps) => SoftmaxOutputs;
