import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { type FullCapabilities, resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Case } from '../../../spec/types/documents.js';
import { gradient } from '../../../suites/properties/kernel/gradient.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';
import { hardened } from './hardened.js';
import { simulate } from './kernel.js';
import type { SimulatedProfile } from './profile.js';
import { addTally, noTally, type Tally } from './tally.js';

const library = createLibrary();

/** Small, so that there can be many; with tiles of three keys they still have several. */
const limits = { b: { max: 2 }, hk: { max: 2 }, g: { max: 2 }, m: { max: 5 }, n: { max: 10 }, d: { max: 5 }, e: { max: 5 } };

function capabilitiesOf({ dtype, numeric }: SimulatedProfile): FullCapabilities {
  return resolveCapabilities(
    {
      dtypes: [dtype],
      operators: ['softmax'],
      denseMask: 'boolean',
      options: ['scale', 'softcap', 'sink', 'alibi', 'bias'],
      outputs: ['o', 'lse'],
      gradients: ['q', 'k', 'v', 'sink', 'bias', 'alibi', 'dlse'],
      limits,
      numeric,
    },
    'simulation',
  );
}

/** Judges cases [from, to) of a profile, forward and backward: the seed and the index decide what a case is. */
export function judgeCases(profile: SimulatedProfile, seed: number, from: number, to: number): Tally {
  const capabilities = capabilitiesOf(profile);
  const arbitrary = caseArbitrary(Claims.of(library, capabilities), {
    operator: 'softmax',
    mask: 'any',
    dtype: profile.dtype,
    needs: { gradients: true },
  });
  const tally = noTally();
  for (let index = from; index < to; index++) {
    const own = caseSeed(seed, index, 0);
    const c: Case = drawCase(arbitrary, own).value;
    const problem = hardened(problemOf(Claims.of(library, capabilities), c, true), own);
    const judge = { claims: Claims.of(library, capabilities), expectationOf, problemOf: () => problem, undiagnosed: true };
    const { forward, backward } = simulate(problem, profile.kernels[index % profile.kernels.length]);
    tally.cases++;
    for (const [property, outputs] of [
      [oracle, forward],
      [gradient, backward],
    ] as const) {
      const { judgement, statistics } = judgeCase(property, judge, c, [outputs]);
      addTally(tally, {
        cases: 0,
        undecidedPasses: Number(judgement.status === 'undecided'),
        violations: Number(judgement.status === 'fail'),
        ...(judgement.status === 'fail' && { first: `case ${index}: ${judgement.message} ${JSON.stringify(c)}` }),
        outputs: statistics,
      });
    }
  }
  return tally;
}
