import { describe, expect, it } from 'vitest';
import { Claims } from '../../../../spec/claims/claims.js';
import { properties, propertyNamed } from '../../../../suites/properties/index.js';
import { oracle } from '../../../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../../../suites/properties/lib/judge-case.js';
import { capabilitiesOf, caseOf, expectationOf, library, problemOf, stored } from '../support.js';

const capabilities = capabilitiesOf();
const c = caseOf();
const outputs = stored(
  problemOf(Claims.of(library, capabilities), c, false),
  expectationOf(problemOf(Claims.of(library, capabilities), c, false), false),
);

describe('judgeCase', () => {
  it('judges, and gives the statistics of every output', () => {
    const { judgement, statistics } = judgeCase(oracle, { claims: Claims.of(library, capabilities), problemOf, expectationOf }, c, [
      outputs,
    ]);
    expect(judgement).toEqual({ status: 'pass' });
    expect(statistics.o).toMatchObject({ elements: 48, undecided: 0 });
    expect(statistics.lse.elements).toBe(16);
    expect(statistics.o.maxOverBound).toBeGreaterThan(0);
    expect(statistics.o.histogram.reduce((a, b) => a + b)).toBe(48);
  });

  it('fails outputs of a wrong form before anything is computed', () => {
    const never = () => {
      throw new Error('not asked');
    };
    const { judgement } = judgeCase(oracle, { claims: Claims.of(library, capabilities), problemOf, expectationOf: never }, c, [
      { o: outputs.o },
    ]);
    expect(judgement).toMatchObject({ status: 'fail', class: 'shape', output: 'lse', call: 0 });
  });

  it('asks the oracle once per call', () => {
    let asked = 0;
    const counting: typeof expectationOf = (problem, gradients) => {
      asked++;
      return expectationOf(problem, gradients);
    };
    judgeCase(oracle, { claims: Claims.of(library, capabilities), problemOf, expectationOf: counting }, c, [outputs]);
    expect(asked).toBe(1);
  });

  it('throws where the oracle does, or where outputs are missing altogether', () => {
    const broken = () => {
      throw new Error('the oracle is broken');
    };
    expect(() => judgeCase(oracle, { claims: Claims.of(library, capabilities), problemOf, expectationOf: broken }, c, [outputs])).toThrow(
      'broken',
    );
    expect(() => judgeCase(oracle, { claims: Claims.of(library, capabilities), problemOf, expectationOf }, c, [])).toThrow(/1 calls/);
  });

  it('is undecided where most bounds are infinite', () => {
    const wide: typeof expectationOf = (problem, gradients) => {
      const { outputs: exact, empty } = expectationOf(problem, gradients);
      exact.o.bound.fill(Infinity);
      return { outputs: exact, empty };
    };
    const { judgement } = judgeCase(oracle, { claims: Claims.of(library, capabilities), problemOf, expectationOf: wide }, c, [outputs]);
    expect(judgement).toEqual({ status: 'undecided', reason: '48 of 48 elements of o have no finite bound' });
  });
});

describe('properties', () => {
  it('have names of their own, by which they are found', () => {
    const names = properties.map((property) => property.name);
    expect(new Set(names).size).toBe(names.length);
    for (const property of properties) expect(propertyNamed(property.name)).toBe(property);
    expect(propertyNamed('orakel')).toBeUndefined();
  });

  it('call nothing that is not claimed', () => {
    for (const property of properties) {
      // those of caches draw a history, which this case lacks
      if (property.needs.history || property.unsupported(capabilities) !== undefined) continue;
      const subject = property.perScheme ? { ...c, parallel: { scheme: 'ring', ranks: 2 } } : c;
      for (const call of property.calls(subject, Claims.of(library, capabilities))) expect(call.command).toBe('forward');
    }
  });
});
