import { expect, it } from 'vitest';
import { capabilitiesOf } from '../../../../adapters/controls/second-form/capabilities.js';
import { caseSeed, drawCase } from '../../../../generators/lib/seeds.js';
import { problemOf } from '../../../../generators/problem.js';
import { caseArbitrary } from '../../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { operatorDocuments } from '../../../../spec/operators/index.js';
import { expectationOf } from '../../../../spec/oracle/oracle.js';
import { hypotheses } from '../../../../suites/diagnosis/hints/hypotheses.js';
import { oracle } from '../../../../suites/properties/kernel/oracle.js';
import { someOperators } from '../../../some.js';

const library = createLibrary();
const claims = Claims.of(library, resolveCapabilities(capabilitiesOf(operatorDocuments), 'test'));

it.each(someOperators())('each hypothesis about %s has an answer: an explanation never ends a check', (operator) => {
  const arbitrary = caseArbitrary(claims, { operator, mask: 'any', dtype: 'f32', needs: oracle.needs });
  const missing = new Set<string>();
  for (let index = 0; index < 12; index++) {
    const c = drawCase(arbitrary, caseSeed(5, index, 0)).value;
    const problem = problemOf(claims, c, false);
    const subject = {
      problem,
      backward: false,
      outputs: Object.keys(problem.operator.outputs),
      booleanMask: true,
      placements: [],
      problemOf: (other: typeof c) => problemOf(claims, other, false),
      evaluate: expectationOf,
    };
    for (const { text, untold, problem: other, after } of hypotheses(subject)) {
      if (untold) continue;
      try {
        const answer = expectationOf(other, false);
        after?.(answer);
      } catch (error) {
        missing.add(`${text}: ${error}`.slice(0, 300));
      }
    }
  }
  expect([...missing]).toEqual([]);
});
