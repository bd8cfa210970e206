import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { Case, Expectation } from '../../../spec/types/documents.js';
import { expectationLookup, parseExpectations, requireMatches } from '../../../suites/plan/expectations.js';

const theCase: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 3, n: 2, d: 4, e: 4 },
  mask: { name: 'sliding-window', parameters: { left: 0, right: 0 } },
  options: { sink: true },
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 7 },
};
const entry = (more: Partial<Expectation> = {}): Expectation => ({
  check: 'softmax/causal/oracle/f32',
  verdict: 'fail',
  why: 'known',
  ...more,
});
const found = (e: Expectation, adapter = 'mine', check = 'softmax/causal/oracle/f32', failureClass = 'value') =>
  expectationLookup([e], () => ({ platform: 'linux', version: '2' })).match(adapter, check, 'fail', failureClass, theCase) !== undefined;

describe('matching', () => {
  it('takes globs over checks and adapters', () => {
    expect(found(entry())).toBe(true);
    expect(found(entry({ check: 'softmax/*/oracle/*' }))).toBe(true);
    expect(found(entry({ check: 'softmax/*' }))).toBe(false);
    expect(found(entry({ check: '**' }))).toBe(true);
    expect(found(entry({ check: '**/f32' }))).toBe(true);
    expect(found(entry({ check: 'softmax+softcap/**' }), 'mine', 'softmax+softcap/any/oracle/f32')).toBe(true);
    expect(found(entry({ adapter: 'mi*' }))).toBe(true);
    expect(found(entry({ adapter: 'theirs' }))).toBe(false);
  });

  it('holds to the verdict and the class', () => {
    expect(found(entry({ verdict: 'crash' }))).toBe(false);
    expect(found(entry({ class: 'value' }))).toBe(true);
    expect(found(entry({ class: 'lse' }))).toBe(false);
  });

  it('holds to the part of the case in `when`', () => {
    expect(found(entry({ when: { mask: { name: 'sliding-window' } } }))).toBe(true);
    expect(found(entry({ when: { mask: { name: 'sliding-window', parameters: { left: 0 } }, options: { sink: true } } }))).toBe(true);
    expect(found(entry({ when: { mask: { name: 'causal' } } }))).toBe(false);
    expect(found(entry({ when: { options: { alibi: true } } }))).toBe(false);
  });

  it('holds to the environment', () => {
    expect(found(entry({ environment: { platform: 'linux', version: '2' } }))).toBe(true);
    expect(found(entry({ environment: { platform: 'win32' } }))).toBe(false);
    expect(found(entry({ environment: { driver: 'any' } }))).toBe(false);
  });

  it('gives every entry of a check, whatever its class and case', () => {
    const entries = [entry({ class: 'lse' }), entry({ when: { dims: { m: 9 } } }), entry({ check: 'softmax/full/oracle/f32' })];
    expect(expectationLookup(entries).entriesFor('mine', 'softmax/causal/oracle/f32')).toEqual(entries.slice(0, 2));
  });
});

describe('entries that match nothing', () => {
  const plan = [
    { adapter: 'mine', available: true, checks: ['softmax/causal/oracle/f32', 'softmax/full/oracle/f32'] },
    { adapter: 'absent', available: false, checks: [] },
  ];
  const require = (e: Expectation, narrowed = false) =>
    requireMatches([entry(), e], 'known.json', plan, { narrowed, environmentOf: () => ({ platform: 'linux' }) });

  it('are refused, with the place and the nearest ids', () => {
    expect(() => require(entry({ adapter: 'mine', check: 'softmax/casual/oracle/f32' }))).toThrow(
      'known.json: at $[1].check: "softmax/casual/oracle/f32" matches no check; the nearest are softmax/causal/oracle/f32, softmax/full/oracle/f32',
    );
    expect(() => require(entry({ adapter: 'nine' }))).toThrow(
      'known.json: at $[1].adapter: "nine" matches no adapter; the nearest are mine',
    );
  });

  it('are passed over where they are for another run or machine', () => {
    expect(() => require(entry({ adapter: 'nine' }), true)).not.toThrow();
    expect(() => require(entry({ adapter: 'absent', check: 'linear/**' }))).not.toThrow();
    expect(() => require(entry({ adapter: 'mine', check: 'linear/**', environment: { platform: 'win32' } }))).not.toThrow();
  });
});

describe('reading', () => {
  it('names the document and the path of a fault', () => {
    expect(() => parseExpectations('[{"check":"**","verdict":"pass","why":"x"}]', 'known.json')).toThrow(
      /known\.json: at \$\[0\]\.verdict: found "pass", allowed: "fail"/,
    );
    expect(() => parseExpectations('[', 'known.json')).toThrow(/not JSON/);
  });

  it('throws nothing but DocumentError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          expect(parseExpectations(text, 'known.json')).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentError);
        }
      }),
    );
  });

  it('any glob is a matcher', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.string(),
        (glob, id) => void expectationLookup([entry({ check: glob, adapter: glob })]).entriesFor(id, id),
      ),
    );
  });
});
