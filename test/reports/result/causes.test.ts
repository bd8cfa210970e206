import { describe, expect, it } from 'vitest';
import { causesOf, countOf, tallyOf } from '../../../reports/result/causes.js';
import { openText } from '../../../reports/result/explanations.js';
import { segmentsOf } from '../../../reports/result/result.js';
import type { CheckResult, FailureSummary } from '../../../spec/types/documents.js';
import { check, minimalCase } from '../made-up.js';

const failed = (id: string, failure: Partial<FailureSummary>, more: Partial<CheckResult> = {}, adapter = 'mine') =>
  check(adapter, id, {
    verdict: 'fail',
    class: 'value',
    failure: { case: minimalCase, message: 'o is off', reproduced: 5, ...failure },
    ...more,
  });
const keys = (n: number) => ({ case: { ...minimalCase, dims: { ...minimalCase.dims, n } } });

describe('causes', () => {
  it('are one where the diagnosis is the same, whatever the class, and begin with a call that is checked by hand', () => {
    const hint = 'the output matches the dialect heads=tiled: if this is intended, declare it with --dialect heads=tiled';
    const [cause, ...others] = causesOf([
      failed('softmax/full/oracle/f32', { hint, ...keys(9) }),
      failed('softmax/any/lse-merge/f32', { hint: `${hint} (see the check softmax/any/dialect/f32)`, ...keys(3) }, { class: 'lse-merge' }),
      failed(
        'softmax/any/dialect/f32',
        { hint: 'if this is intended, declare it with --dialect heads=tiled', ...keys(7) },
        { class: 'dialect' },
      ),
      check('mine', 'softmax/causal/oracle/f32', {}),
    ]);
    expect(others).toEqual([]);
    expect(countOf(cause)).toBe(3);
    expect([cause.smallest, ...cause.others].map(({ id }) => segmentsOf(id).property)).toEqual(['oracle', 'lse-merge', 'dialect']);
    expect(cause.title).toContain('the output matches the dialect heads=tiled');
  });

  it('begin with a single call, and with the smallest case where none is checked by hand', () => {
    const call = { number: 2, of: 2, command: 'forward', case: minimalCase } as const;
    const pair = failed('softmax/any/non-interference/f32', { hint: 'causal', ...keys(2), call }, { class: 'non-interference' });
    const single = failed('softmax/any/strided/f32', { hint: 'causal', ...keys(5) });
    const oracle = failed('softmax/causal/oracle/f32', { hint: 'causal', ...keys(9) });
    const first = (...checks: CheckResult[]) => causesOf(checks).map(({ smallest }) => segmentsOf(smallest.id).property);
    expect(first(pair, single, oracle)).toEqual(['oracle']);
    expect(first(pair, single)).toEqual(['strided']);
    expect(first(pair, failed('softmax/causal/oracle/f32', { hint: 'causal', ...keys(99) }))).toEqual(['non-interference']);
  });

  it('begin with the case of which there is least to read, however many scores it has', () => {
    const sized = (dims: { m: number; n: number }) => ({ case: { ...minimalCase, dims: { ...minimalCase.dims, ...dims } } });
    const [{ smallest }] = causesOf([
      failed('softmax/any/dyadic-exact/f32', { hint: 'causal', ...sized({ m: 2, n: 32 }) }),
      failed('softmax/causal/oracle/f32', { hint: 'causal', ...sized({ m: 17, n: 17 }) }),
    ]);
    expect(smallest.id).toBe('softmax/causal/oracle/f32');
  });

  it('are one where the same conventions are to be declared, and not one with those of which some are', () => {
    const flags = '--dialect booleanMask=drop --dialect emptyOutput=nan';
    const both = `with the dialect booleanMask=drop, emptyOutput=nan, the kernel is right in 8 of 8 of these cases: if this is intended, declare it with ${flags} (see the check softmax/any/dialect/f32)`;
    const causes = causesOf([
      failed('softmax/causal/oracle/f32', { hint: both }),
      failed('softmax/any/dialect/f32', { hint: `if this is intended, declare it with ${flags}` }),
      failed('softmax/document/oracle/f32', {
        hint: 'the output matches the dialect booleanMask=drop: if this is intended, declare it with --dialect booleanMask=drop',
      }),
    ]);
    const ids = causes.map(({ smallest, others }) => [smallest, ...others].map(({ id }) => id).sort());
    expect(ids.sort((a, b) => b.length - a.length)).toEqual([
      ['softmax/any/dialect/f32', 'softmax/causal/oracle/f32'],
      ['softmax/document/oracle/f32'],
    ]);
  });

  it('are one where the same dialect is named, whether it may be declared or not', () => {
    const of = (end: string) => `the output matches the dialect causal=top-left${end}`;
    const causes = causesOf([
      failed('softmax/causal/oracle/f32', { hint: of(': if this is intended, declare it with --dialect causal=top-left') }),
      failed('softmax/any/empty-row/f32', { hint: of('; but do not declare it: 4 cases that pass would fail') }),
    ]);
    expect(causes.map(countOf)).toEqual([2]);
  });

  it('are one where only their numbers differ, also in how many there are', () => {
    const of = (sizes: string) => `the output matches a kernel where only the maximum of the first tile of ${sizes} keys is subtracted`;
    const causes = causesOf(
      ['32', '16 or 32', '64', '16 or 32 or 64'].map((sizes, at) => failed(`a/b/oracle-${at}/f32`, { hint: of(sizes), ...keys(at + 1) })),
    );
    expect(causes.map(({ hint }) => hint)).toEqual([of('32')]);
  });

  it('are one where a check leaves several explanations, and others of the adapter leave one of them alone', () => {
    const [a, b, c] = ['a causal mask that is lost', 'unmasked attention', 'a window that is lost'].map((text) => ({ text }));
    const hint = `the output matches ${a.text}; but do not declare it`;
    const open = failed('a/b/oracle/f32', { explanations: [a, b], ...keys(3) });
    const said = failed('a/b/strided/f32', { hint, explanations: [a], ...keys(9) });
    const [cause, ...more] = causesOf([open, said]);
    expect(more).toEqual([]);
    expect([cause.hint, cause.smallest.id, cause.smallest.failure?.hint]).toEqual([hint, open.id, cause.hint]);
    // a hint that leaves two is narrowed to the one that others leave
    const two = failed('a/b/oracle/f32', { hint: `the output matches ${a.text}, and also ${b.text}`, explanations: [a, b] });
    expect(causesOf([two, said]).map(countOf)).toEqual([2]);
    // those of another adapter, those that it does not leave, and two of those that it leaves say nothing of it
    expect(causesOf([open, { ...said, adapter: 'other' }])).toHaveLength(2);
    expect(causesOf([open, failed('a/b/strided/f32', { hint: c.text, explanations: [c] })])).toHaveLength(2);
    expect(causesOf([open, said, failed('a/b/empty-row/f32', { hint: b.text, explanations: [b] })]).map(countOf)).toEqual([1, 1, 1]);
    expect(causesOf([failed('a/b/oracle/f32', {}), said])).toHaveLength(2);
  });

  it('are one where one of the sizes that a check leaves is one that others leave', () => {
    const tiles = (...sizes: number[]) => ({ text: 'tiles of {} keys', sizes });
    const said = failed('a/b/strided/f32', { hint: 'the output matches tiles of 16 or 32 keys', explanations: [tiles(16, 32)] });
    const open = (...sizes: number[]) => failed('a/b/oracle/f32', { explanations: [tiles(...sizes), { text: 'no mask' }] });
    expect(causesOf([said, open(32, 64)]).map(countOf)).toEqual([2]);
    expect(causesOf([said, open(64)]).map(countOf)).toEqual([1, 1]);
  });

  it('are one where what is known of them begins with the same sentence, whatever their class', () => {
    const checks = [failed('a/b/one/f32', {}), failed('a/b/two/f32', {}, { class: 'nan' }), failed('a/b/three/f32', {})];
    const why = (id: string) => (id.includes('three') ? 'It rounds twice.' : `It adds one: here to ${id}.`);
    const [first, second] = causesOf(checks, ({ id }) => ({ why: why(id) }));
    expect([first.title, countOf(first), second.title]).toEqual(['It adds one', 2, 'It rounds twice.']);
  });

  it('are one where only numbers, the mask and the operator differ in a message', () => {
    const message = (mask: string, at: number) =>
      `query ${at} attends to key ${at + 1}, which ${mask} masks (batch 0, head ${at}): -0.5e-${at}`;
    const causes = causesOf([
      failed('softmax/causal/visibility/f32', { message: message('causal', 1) }),
      failed('softmax/document/visibility/f32', { message: message('document', 22) }),
      failed('softmax/document/visibility/f32', { message: 'o[0, 0, 1, 0] is NaN' }),
    ]);
    expect(causes.map(countOf)).toEqual([2, 1]);
  });

  it('are one whichever of the gradients of q, k and v is furthest off, but not that of an option', () => {
    const wrong = (mask: string, output: string) =>
      failed(`softmax/${mask}/gradient/f32`, { message: `${output}[0, 0, 8, 0] is 0.5, expected 0.7` }, { class: 'gradient' });
    expect(causesOf([wrong('full', 'dq'), wrong('causal', 'dv'), wrong('any', 'dk'), wrong('document', 'dsink')]).map(countOf)).toEqual([
      3, 1,
    ]);
  });

  it('are one where one of several calls is as wrong as the only call of others', () => {
    const message = 'o[0, 0, 0, 0] is 0.5, expected 0.7';
    const causes = causesOf([
      failed('a/b/oracle/f32', { message }),
      failed('a/any/chunked-prefill/f32', { message: `call 1 of 2: ${message}` }),
    ]);
    expect(causes.map(countOf)).toEqual([2]);
  });

  it('are apart by adapter, class, diagnosis, and whether they are expected', () => {
    const causes = causesOf([
      failed('softmax/full/oracle/f32', {}),
      failed('softmax/full/oracle/f32', {}, {}, 'other'),
      failed('softmax/causal/oracle/f32', {}, { class: 'lse' }),
      failed('softmax/any/oracle/f32', { hint: 'the sink is ignored' }),
      failed('softmax/full/oracle/f16', {}, { expected: true }),
    ]);
    expect(causes).toHaveLength(5);
    // a diagnosis says most; what is known says least
    expect(causes[0].hint).toBe('the sink is ignored');
    expect(causes.map(({ expected }) => expected)).toEqual([false, false, false, false, true]);
    expect(causes.map(({ smallest }) => openText(smallest) !== undefined)).toEqual([false, true, true, true, false]);
  });

  it('are one where values are wrong and laws are broken, if nothing explains either', () => {
    const values = ['a/b/oracle/f32', 'a/c/oracle/f32'].map((id) => failed(id, keys(9)));
    const message = 'merged over key lengths [25]: o[0] is off';
    const broken = (failure: Partial<FailureSummary>, more: Partial<CheckResult> = {}, adapter?: string) =>
      failed('a/any/lse-merge/f32', { message, ...failure }, { class: 'lse-merge', ...more }, adapter);
    const law = failed('a/any/mass/f32', { message: 'a row loses weight' }, { class: 'law' });
    const [cause, ...more] = causesOf([...values, broken({}), law]);
    expect([more, countOf(cause)]).toEqual([[], 4]);
    // a key that is wrongly seen, under masks of several parameters
    const seen = (mask: string) =>
      failed(`a/${mask}/visibility/f32`, { message: `query 7 attends to key 3, which ${mask}(x=[1]) masks` }, { class: 'visibility' });
    expect(causesOf([...values, seen('padding'), seen('document')]).map(countOf)).toEqual([4]);
    // parts do not merge by an LSE that is wrong; that says nothing of a law
    const lse = failed('a/d/oracle/f32', { message: 'lse[0] is off' }, { class: 'lse' });
    expect(causesOf([lse, broken({}), law]).map(countOf)).toEqual([2, 1]);
    expect(causesOf([...values, lse, broken({})]).map(countOf)).toEqual([3, 1]);
    // a law beside no wrong values, one that is explained, expected or known, and one of another kernel stand apart
    expect(causesOf([broken({}), law])).toHaveLength(2);
    for (const other of [broken({ hint: 'a tile is lost' }), broken({}, { expected: true }), broken({}, {}, 'other')])
      expect(
        causesOf([...values, other])
          .map(countOf)
          .sort(),
      ).toEqual([1, 2]);
    expect(causesOf([...values, broken({})], ({ class: kind }) => (kind === 'lse-merge' ? { why: 'Known.' } : undefined))).toHaveLength(2);
    expect(
      causesOf([
        ...values.map(({ failure, ...one }) => ({ ...one, failure: { ...failure, hint: 'a key is lost' } as FailureSummary })),
        law,
      ]),
    ).toHaveLength(2);
  });

  it('are one where gradients follow from what the forward pass gives, whatever explains that', () => {
    const hint = "the gradients are those of a right backward pass over the o of the kernel's own forward pass, which is wrong";
    const follows = (id: string) => failed(id, { hint, entailed: true, message: 'dq[0] is off', ...keys(1) }, { class: 'gradient' });
    const gradients = [follows('a/b/gradient/f32'), follows('a/c/gradient/f32')];
    for (const own of [{}, { hint: 'tiles are not rescaled' }]) {
      const [cause, ...more] = causesOf([...gradients, failed('a/b/oracle/f32', { ...own, ...keys(17) })]);
      expect([more, countOf(cause), cause.smallest.id, cause.hint]).toEqual([[], 3, 'a/b/oracle/f32', (own as { hint?: string }).hint]);
    }
    expect(causesOf(gradients).map(({ title }) => title)).toEqual([hint]);
  });

  it('of crashes go by their reason, and none is said to be unexplained', () => {
    const crashed = (id: string, reason: string) => check('mine', id, { verdict: 'crash', class: 'SIGSEGV', reason });
    const causes = causesOf([crashed('softmax/full/oracle/f32', 'died by SIGSEGV'), crashed('softmax/any/oracle/f32', 'died by SIGSEGV')]);
    expect(causes.map(countOf)).toEqual([2]);
    expect(openText(causes[0].smallest)).toBeUndefined();
    expect(causes[0].title).toBe('died by SIGSEGV');
    expect(tallyOf(causes[0], ({ id }) => segmentsOf(id).property)).toBe('oracle ×2');
  });
});
