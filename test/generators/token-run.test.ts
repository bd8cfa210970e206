import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import { wholeOfRun, withTokens } from '../../generators/token-run.js';
import { validateCase } from '../../generators/validate.js';
import { caseArbitrary } from '../../generators/whole/case.js';
import { Claims } from '../../spec/claims/claims.js';
import { wholeDocuments } from '../../spec/claims/whole-documents.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { valuesOf } from '../../spec/tensor/tensor.js';
import type { Case, Operator, TokenRun } from '../../spec/types/documents.js';
import { capable, library, request } from './capable.js';

const capabilities = capable({
  ...wholeDocuments(operatorDocuments),
  masks: ['full'],
  denseMask: false,
  layouts: ['bhld'],
  limits: { n: { max: 12 } },
});
const claims = Claims.of(library, capabilities);
const retention = library.operators.get('retention') as Operator;
const states = { initial: 'state' };

/** A case without a state to begin with, and a place at which its tokens are cut. */
const cut = caseArbitrary(claims, request({ operator: 'retention', mask: 'full', needs: { distributions: ['normal'] } }))
  .filter(({ dims }) => dims.n > 1)
  .chain((c) => fc.integer({ min: 1, max: c.dims.n - 1 }).map((at) => [{ ...c, options: {}, views: undefined } as Case, at] as const));

describe('a case of some of the tokens of a longer one', () => {
  it('has their part of its inputs, and the state that the tokens before them end with', () => {
    fc.assert(
      fc.property(cut, ([whole, at]) => {
        const { b, hk, g, n, d, e } = whole.dims;
        const run = { run: 'n', states };
        const parts = [withTokens(whole, retention, run, 0, at), withTokens(whole, retention, run, at, n)];
        for (const part of parts) validateCase(library, part, 'case');
        const [first, second] = parts.map((part) => tensorsOf(claims, part));
        const { q } = tensorsOf(claims, whole);
        const rows = (from: number, to: number) =>
          [...valuesOf(q)].filter((_, i) => Math.floor(i / d) % n >= from && Math.floor(i / d) % n < to);
        expect([...valuesOf(first.q), ...valuesOf(second.q)]).toEqual([...rows(0, at), ...rows(at, n)]);
        expect(second.q.shape).toEqual([b, hk * g, n - at, d]);
        expect(first.initial).toBeUndefined();
        expect(second.initial.shape).toEqual([b, hk, d, e]);
        const { state } = expectationOf(problemOf(claims, parts[0]), false).outputs;
        expect([...valuesOf(second.initial)]).toEqual([...state.value].map(Math.fround));
      }),
      { numRuns: 30 },
    );
  });

  it('comes from the longer one', () => {
    fc.assert(
      fc.property(cut, ([whole, at]) => {
        const part = withTokens(whole, retention, { run: 'n', states }, at, whole.dims.n);
        const [change] = (part.values.transform ?? []).slice(-1) as [TokenRun];
        const { transform = [], ...values } = whole.values;
        expect(wholeOfRun(part, retention, change)).toEqual({ ...whole, values: { ...values, transform } });
      }),
      { numRuns: 20 },
    );
  });

  const drawn: Case = {
    operator: 'retention',
    dims: { b: 1, hk: 1, g: 1, m: 3, n: 3, d: 2, e: 2 },
    mask: { name: 'full' },
    options: { initial: true },
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 1, transform: [{ run: 'n', from: 2, of: 5, states }] },
  };

  it.each<[string, Case['options'], Partial<TokenRun>, RegExp]>([
    ['another axis', drawn.options, { run: 'z' }, /transform\[0\]\.run: found "z", which is not an axis of retention/],
    ['too few tokens', drawn.options, { of: 4 }, /transform\[0\]\.of: found 4, must be 5 or more/],
    ['another input', drawn.options, { states: { start: 'state' } }, /found "start", allowed: "initial"/],
    ['another output', drawn.options, { states: { initial: 'end' } }, /states\.initial: found "end"/],
    ['no state to begin with', {}, {}, /\$\.options\.initial: is missing/],
    ['a state before the first token', drawn.options, { from: 0 }, /\$\.options\.initial: must be absent/],
  ])('is refused with %s', (_, options, change, message) => {
    const [run] = drawn.values.transform as [TokenRun];
    const c = { ...drawn, options, values: { ...drawn.values, transform: [{ ...run, ...change }] } };
    expect(() => validateCase(library, c, 'case')).toThrow(message);
    expect(() => validateCase(library, drawn, 'case')).not.toThrow();
  });
});
