import type { SoftmaxProblem } from '../../reference/problem/softmax-problem.js';
import { online } from '../../reference/softmax/online.js';
import type { SoftmaxForward } from '../../reference/softmax/softmax-forward.js';
import { type Steps, standardSteps } from '../../reference/steps/steps.js';

/** Returns visibility steps of a changed problem, for both passes. */
export function visibilityOf(change: (p: SoftmaxProblem) => SoftmaxProblem): Pick<Steps, 'visible' | 'firstKey' | 'endKey'> {
  const changed = oncePerProblem(change);
  return {
    visible: (p, b, h, i, j) => standardSteps.visible(changed(p), b, h, i, j),
    firstKey: (p, i) => standardSteps.firstKey(changed(p), i),
    endKey: (p, i) => standardSteps.endKey(changed(p), i),
  };
}

/** Returns the correct forward pass of a changed problem. */
export function forwardOf(change: (p: SoftmaxProblem) => SoftmaxProblem): SoftmaxForward {
  return (p, steps) => online(change(p), steps);
}

/** Caches the changed problem, because steps run once per key. */
function oncePerProblem(change: (p: SoftmaxProblem) => SoftmaxProblem): (p: SoftmaxProblem) => SoftmaxProblem {
  let last: { readonly of: SoftmaxProblem; readonly is: SoftmaxProblem } | undefined;
  return (p) => {
    if (last?.of !== p) last = { of: p, is: change(p) };
    return last.is;
  };
}

/** Returns true for the causal mask. */
export function isCausal(p: SoftmaxProblem): boolean {
  return p.left < 0 && p.right === 0;
}

/** Returns true for windows with a left side. */
export function isWindow(p: SoftmaxProblem): boolean {
  return p.left >= 0;
}
