import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { problemOf } from '../../../../generators/problem.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { expectationOf } from '../../../../spec/oracle/oracle.js';
import type { Case } from '../../../../spec/types/documents.js';
import { withOtherDelta } from '../../../../suites/diagnosis/hints/delta.js';
import { claims, library } from '../../properties/on-kernel.js';
import { caseOf } from '../../properties/support.js';

const some: Case = caseOf({ sizes: { b: 1, hk: 1, g: 2, m: 3, n: 5, d: 2, e: 3 } });

/** Gradients of the case with another Δ and other weights, with an LSE of some base. */
function gradientsOf(lseBase: '2' | 'e', less: number, factor: number): Record<string, number[]> {
  const dialect = { lseBase };
  const capabilities = claims({ gradients: ['q', 'k', 'v', 'dlse'], dialect });
  const problem = problemOf(Claims.of(library, capabilities), { ...some, dialect }, true);
  const { dlse } = problem.inputs;
  // what is drawn is the gradient of the LSE in its own base
  const inBaseE = lseBase === '2' ? { ...dlse, data: dlse.data.map((x) => x * Math.LN2) } : dlse;
  const own = { ...problem, inputs: { ...problem.inputs, dlse: inBaseE } };
  const { outputs } = expectationOf(
    withOtherDelta(
      own,
      (row) => less * (row + 1),
      (row) => factor ** row,
    ),
    true,
  );
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, [...value]]));
}

describe('another Δ', () => {
  test.prop([fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: 0.5, max: 2, noNaN: true })], { numRuns: 20 })(
    'gives the same gradients whatever the base of the LSE',
    (less, factor) => {
      const [two, e] = [gradientsOf('2', less, factor), gradientsOf('e', less, factor)];
      expect(Object.keys(two).sort()).toEqual(['dk', 'dq', 'dv']);
      for (const [name, values] of Object.entries(two)) for (const [at, x] of values.entries()) expect(x).toBeCloseTo(e[name][at], 9);
    },
  );

  test.prop([fc.double({ min: 0.5, max: 2, noNaN: true })], { numRuns: 20 })(
    'that is the same, with other weights, multiplies the gradients by their factor',
    (factor) => {
      const problem = problemOf(Claims.of(library, claims({ gradients: ['q', 'k', 'v', 'dlse'] })), some, true);
      const plain = expectationOf(problem, true).outputs;
      const times = expectationOf(
        withOtherDelta(
          problem,
          () => 0,
          () => factor,
        ),
        true,
      ).outputs;
      for (const [name, { value }] of Object.entries(plain))
        for (const [at, x] of value.entries()) expect(times[name].value[at]).toBeCloseTo(factor * x, 9);
    },
  );
});
