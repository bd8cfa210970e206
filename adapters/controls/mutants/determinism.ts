import type { Call } from '../../kernel.js';
import { float32Fused } from '../reference/arithmetic/float32-fused.js';
import { type Fault, mutantsOf } from './lib/mutant.js';

export const determinismMutants = mutantsOf('Determinism', [
  {
    id: 'forward-unordered',
    title: 'every other call sums the values of a tile backwards',
    imitates: 'split reductions that add their parts in the order in which they finish',
    fault: { perKernel: () => backwards('forward', everyOtherCall()) },
  },
  {
    id: 'backward-unordered',
    title: 'every other backward call sums the keys of dq backwards',
    imitates: 'https://github.com/Dao-AILab/flash-attention/issues/414',
    alone: 'deterministic',
    fault: { perKernel: () => backwards('backward', everyOtherCall()) },
  },
  {
    id: 'tuned-by-first-call',
    title: 'the first call of a shape runs another variant than later calls, with other rounding',
    imitates: 'https://github.com/Dao-AILab/flash-attention/issues/2886',
    fault: { perKernel: () => backwards('forward', firstOfItsShape()) },
  },
  {
    id: 'order-by-batch',
    title: 'with several batch entries the values of a tile are summed backwards',
    imitates: 'https://thinkingmachines.ai/blog/defeating-nondeterminism-in-llm-inference/',
    alone: 'batch-invariant',
    fault: backwards('forward', ({ case: c }) => c.dims.b > 1),
  },
  {
    id: 'keys-backwards',
    title: 'values of a tile are summed backwards, in every call',
    imitates: 'kernels with their own order of summation',
    equivalent: 'the order of a sum is free: every order lies within the bound, and this one never changes',
    fault: backwards('forward', () => true),
  },
]);

/** Returns true if the call is summed backwards. */
type Choice = (call: Call) => boolean;

function everyOtherCall(): Choice {
  let calls = 0;
  return () => calls++ % 2 === 1;
}

function firstOfItsShape(): Choice {
  const met = new Set<string>();
  return ({ case: c }) => {
    const shape = JSON.stringify(c.dims);
    const first = !met.has(shape);
    met.add(shape);
    return first;
  };
}

/** Sums Σ weight·row in reverse order in chosen calls of a pass. */
function backwards(pass: 'forward' | 'backward', chosen: Choice): Fault {
  let reversed = false;
  return {
    call: (call, asked) => {
      reversed = asked === pass && chosen(call);
      return call;
    },
    float32: {
      ...float32Fused,
      combine: (weights, rows, count, ...rest) =>
        reversed
          ? float32Fused.combine(weights.slice(0, count).reverse(), rows.slice(0, count).reverse(), count, ...rest)
          : float32Fused.combine(weights, rows, count, ...rest),
    },
  };
}
