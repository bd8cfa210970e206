import type { ReuseOperation } from '../../../spec/types/documents.js';
import type { Call } from '../../kernel.js';
import { reuses, reusing } from '../reference/reuse.js';
import { type Mutant, mutantsOf } from './lib/mutant.js';

/** Mutants of calls that reuse a stored output by a schedule. */
export const reuseMutants = mutantsOf('Reused outputs', [
  mutant(
    'reuse-recomputed',
    'a call that is to reuse computes its output from its own inputs',
    'a flag of reuse that a layer does not read',
    () => false,
  ),
  mutant(
    'reuse-at-its-limits',
    'calls at the limits of the schedule reuse too',
    'thresholds of a broadcast that are compared with ≤, where the published code has <',
    ({ range, lo, hi, steps }) => reuses({ op: 'reuse', range, lo: lo - 1, hi: hi + 1, steps }),
  ),
  mutant(
    'reuse-counted-from-one',
    'the first call that may reuse is counted as the second',
    'a counter of calls that is raised before it is compared with the range',
    ({ steps, ...schedule }) => reuses({ ...schedule, steps: [steps[0], ...steps] }) && steps.length > 1,
  ),
  mutant(
    'reuse-of-first-output',
    'every reuse gives the output of the first call',
    'a stored output that is set once, and not where a range begins anew',
    reuses,
    ({ steps }) => steps.length === 1,
  ),
]);

function mutant(
  id: string,
  title: string,
  imitates: string,
  rule: typeof reuses,
  keep?: (schedule: ReuseOperation) => boolean,
): Omit<Mutant, 'class'> {
  return {
    id,
    title,
    imitates,
    alone: 'reuse',
    claims: { reuse: true },
    fault: {
      perKernel: () => ({ wrap: ({ forward }) => ({ forward: reusing((call) => forward(withoutSchedule(call)), rule, keep) }) }),
    },
  };
}

function withoutSchedule(call: Call): Call {
  if (call.case.history?.[0].op !== 'reuse') return call;
  const { history: _, ...c } = call.case;
  return { ...call, case: c };
}
