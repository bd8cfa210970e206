import { describe, expect, it } from 'vitest';
import type { standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Problem } from '../../../spec/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { gradient } from '../../../suites/properties/kernel/gradient.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';
import { type Simulation, simulate } from '../../accept/profiles/kernel.js';
import { fewOf } from '../../some.js';
import { longKernels } from './long-kernels.js';
import { type Changes, targetedClaims, targetedProblem } from './targeted.js';

/** Largest error of each output, in bounds. */
function errorsOf(problem: Problem, changes: Changes, simulation: Simulation): Record<string, number> {
  const { forward, backward } = simulate(problem, simulation);
  const judge = { claims: targetedClaims(changes), expectationOf, problemOf: () => problem, undiagnosed: true };
  const statistics = [
    judgeCase(oracle, judge, problem.case, [forward]).statistics,
    judgeCase(gradient, judge, problem.case, [backward]).statistics,
  ];
  return Object.fromEntries(statistics.flatMap((own) => Object.entries(own).map(([output, { maxOverBound }]) => [output, maxOverBound])));
}

const n = 321;
const window = { name: 'sliding-window', parameters: { left: 100, right: 20 } };
/** What LONG lists, in turns: each kernel meets another of them in another type. */
const forms: readonly Changes[] = [
  { dims: { n } },
  { dims: { n, d: 32 }, mask: window },
  { dims: { n: 256, g: 2 }, mask: { name: 'full' } },
  { dims: { n, d: 80 }, mask: { name: 'document-causal', parameters: { lengths: [70, 0, 51, 200] } } },
  { dims: { n }, options: { scale: 1 } },
  { dims: { n, d: 128 }, options: { softcap: 50 } },
  { dims: { n }, options: { sink: true } },
  { dims: { n: 640, m: 65 }, mask: { name: 'sink-tokens', parameters: { sinks: 4, recent: 128 } } },
];

describe.each(fewOf(['bf16', 'f32', 'f16'] as const, 1))('kernels of long sequences in %s', (dtype: DType) => {
  const kernels = Object.entries(longKernels(dtype));

  it.each(fewOf(kernels, 3).map(([name], at) => [name, at] as const))('%s: stays within the bounds, and comes near them', (_, at) => {
    const changes = { ...forms[(at + dtype.length) % forms.length], dtype };
    const problem = targetedProblem(changes);
    expect(problem.focus).toBeDefined();
    const errors = errorsOf(problem, changes, kernels[at][1]);
    for (const output of ['o', 'lse', 'dq', 'dk', 'dv']) expect(errors[output], output).toBeLessThanOrEqual(1);
    if (dtype !== 'f32') expect(errors.o).toBeGreaterThan(0.2);
  });

  it('meets a key that is lost, in o and in every gradient', () => {
    const changes = { dims: { n }, dtype };
    const problem = targetedProblem(changes);
    const lost = {
      visible: (...[p, b, h, i, j]: Parameters<typeof standardSteps.visible>) => j !== 130 && problem.mask.visible(b, h, i, j) && p.n > 0,
    };
    const errors = errorsOf(problem, changes, { ...longKernels(dtype)['tiles of 16'], steps: lost });
    for (const output of ['o', 'dq', 'dk', 'dv']) expect(errors[output], output).toBeGreaterThan(1);
  });
});
