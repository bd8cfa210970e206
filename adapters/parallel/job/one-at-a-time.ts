import type { Kernel } from '../../kernel.js';

type Passes = Pick<Kernel, 'forward' | 'backward'>;

/** Wraps a kernel so that concurrent calls of ranks run one at a time. */
export function oneAtATime(kernel: Passes): Passes {
  let last: Promise<unknown> = Promise.resolve();
  const queued = <T>(ask: () => Promise<T>): Promise<T> => {
    const answer = last.then(ask);
    last = answer.catch(() => {});
    return answer;
  };
  const { backward } = kernel;
  return {
    forward: (call) => queued(() => kernel.forward(call)),
    ...(backward && { backward: (call) => queued(() => backward.call(kernel, call)) }),
  };
}
