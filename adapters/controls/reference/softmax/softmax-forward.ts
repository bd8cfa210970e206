import type { SoftmaxOutputs, SoftmaxProblem } from '../problem/softmax-problem.js';
import type { Steps } from '../steps/steps.js';

export type SoftmaxForward = (p: SoftmaxProblem, steps: Steps) => SoftmaxOutputs;
