import { describe, expect, it } from 'vitest';
import type { Case } from '../../../spec/types/documents.js';
import { describePower } from '../../../suites/cli/text/power.js';
import type { MutantResult } from '../../../suites/power/judge-mutant.js';
import { powerDocument, powerExitCode, summaryOf } from '../../../suites/power/summary.js';

const c: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 1, n: 2, d: 1, e: 1 },
  mask: { name: 'causal' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
};
const killed = (id: string, cases: number, more: Partial<MutantResult> = {}): MutantResult => ({
  id,
  class: 'Causal',
  title: `what ${id} does`,
  killed: true,
  cases,
  seconds: 1.25,
  kill: { check: 'softmax/causal/oracle/f32', class: 'value', message: 'off', case: c },
  ...more,
});
const survivor = (id: string, more: Partial<MutantResult> = {}): MutantResult => {
  const { kill: _, ...rest } = killed(id, 900);
  return { ...rest, class: 'Window', killed: false, ...more };
};

describe('the summary of mutants', () => {
  it('counts those that are not declared equivalent', () => {
    const summary = summaryOf([
      killed('a', 1),
      killed('b', 7),
      killed('c', 300),
      survivor('d'),
      survivor('e', { equivalent: 'the same bits' }),
    ]);
    expect(summary).toMatchObject({ total: 4, killed: 3, medianCases: 7, misdeclared: [] });
    expect(summary.survivors.map((r) => r.id)).toEqual(['d']);
  });

  it('holds a declaration against a kill', () => {
    const wrong = killed('e', 3, { equivalent: 'the same bits' });
    expect(summaryOf([wrong])).toMatchObject({ total: 0, killed: 0, medianCases: 0, misdeclared: [wrong] });
  });
});

describe('the exit code', () => {
  it.each([
    [0, [killed('a', 1), survivor('e', { equivalent: 'the same bits' })]],
    [1, [killed('a', 1), survivor('d')]],
    [1, [killed('e', 1, { equivalent: 'the same bits' })]],
    [3, [killed('a', 1, { error: { check: 'softmax/full/oracle/f32', reason: 'vacuous' } })]],
  ])('is %i', (code, results) => {
    expect(powerExitCode(summaryOf(results))).toBe(code);
  });
});

describe('the document', () => {
  it('has what the contract names', () => {
    expect(powerDocument([killed('a', 4), survivor('d', { equivalent: 'the same bits' })])).toEqual({
      mutants: [
        { id: 'a', class: 'Causal', killed: true, equivalent: false, check: 'softmax/causal/oracle/f32', cases: 4, seconds: 1.25, case: c },
        { id: 'd', class: 'Window', killed: false, equivalent: true, check: null, cases: 900, seconds: 1.25, case: null },
      ],
    });
  });
});

describe('the text', () => {
  it('tells each mutant, and what it comes to', () => {
    const results = [killed('a', 1), survivor('d'), survivor('e', { equivalent: 'the same bits' })];
    expect(describePower(results, summaryOf(results), 3, 12.4)).toBe(`Causal
  killed  a: what a does
    by softmax/causal/oracle/f32 [value] after 1 case, 1.3 s
    b=1 hk=1 g=1 m=1 n=2 d=1 e=1, causal, normal seed 0, f32 bhld

Window
  SURVIVED  d: what d does
    by no check after 900 cases, 1.3 s
  equivalent  e: what e does
    by no check after 900 cases, 1.3 s: the same bits

1/2 killed; median 1 case to the first failure; seed 3; 12 s
survived: d
`);
  });
});
