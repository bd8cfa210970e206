import type { Value } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caseArbitrary } from '../../../generators/case.js';
import { drawCase } from '../../../generators/seeds.js';
import { createLibrary } from '../../../spec/library.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Failed } from '../../../suites/runner/outcome.js';
import { shrink } from '../../../suites/runner/shrink.js';
import { type FakeVerdict, failed, fakeRunner, pass } from './fake-runner.js';

const library = createLibrary();
const always = () => true;
const never = () => false;

/** A drawn case that fails as asked, and all that shrinking it takes. */
function start(verdictOf: (c: Case) => FakeVerdict, from: (c: Case) => boolean = always) {
  const runner = fakeRunner(verdictOf);
  const arbitrary = caseArbitrary(library, runner.capabilities, {
    operator: 'softmax',
    mask: 'any',
    feature: 'all',
    dtype: 'f32',
    needs: {},
  });
  let value: Value<Case>;
  let seed = 0;
  do value = drawCase(arbitrary, seed++);
  while (!(from(value.value) && value.value.dims.n >= 40));
  return { runner, arbitrary, value };
}

describe('shrinking', () => {
  test.each(['value', 'nan'])('ends at the smallest case that fails with class %s, though others fail otherwise', async (kind) => {
    const { runner, arbitrary, value } = start(
      ({ dims: { n } }) => (n >= 17 ? failed('value') : n >= 5 ? failed('nan') : pass),
      ({ dims }) => (kind === 'nan' ? true : dims.n >= 17),
    );
    const first = failed(kind) as Failed;
    const found = await shrink(arbitrary, runner, { value, failed: first }, always, never);
    if (kind === 'value') expect(found.value.value.dims).toEqual({ b: 1, hk: 1, g: 1, m: 1, n: 17, d: 1, e: 1 });
    else expect(found.value.value).toEqual(value.value);
    expect(found.failed.class).toBe(kind);
  });

  test('of a crash goes on in new processes, within its budget', async () => {
    const { runner, arbitrary, value } = start(({ dims: { n } }) => (n >= 17 ? 'dies' : pass));
    const first: Failed = { status: 'failed', verdict: 'crash', class: 'SIGSEGV', message: '' };
    expect((await shrink(arbitrary, runner, { value, failed: first }, always, never)).value.value.dims.n).toBe(17);
    const few = start(({ dims: { n } }) => (n >= 17 ? 'dies' : pass));
    const found = await shrink(few.arbitrary, few.runner, { value: few.value, failed: first }, always, never, {
      candidates: 1000,
      milliseconds: 1e6,
      restarts: 2,
    });
    expect(found.adopted).toHaveLength(3);
    expect(few.runner.slot.restarts).toBe(2);
  });

  test('tries no more candidates than its budget', async () => {
    const { runner, arbitrary, value } = start(() => pass);
    await shrink(arbitrary, runner, { value, failed: failed('value') as Failed }, always, never, {
      candidates: 10,
      milliseconds: 1e6,
      restarts: 50,
    });
    expect(runner.called.length).toBe(10);
  });

  test('ends where a candidate hangs, or the run must stop', async () => {
    const { runner, arbitrary, value } = start(() => 'hangs');
    const first = failed('value') as Failed;
    expect((await shrink(arbitrary, runner, { value, failed: first }, always, never)).adopted).toHaveLength(1);
    expect(runner.called.length).toBe(1);
    await shrink(arbitrary, runner, { value, failed: first }, always, always);
    expect(runner.called.length).toBe(1);
  });

  test('keeps what it is told to keep', async () => {
    const { runner, arbitrary, value } = start(() => failed('value'));
    const found = await shrink(arbitrary, runner, { value, failed: failed('value') as Failed }, (c) => c.dims.n >= 30, never);
    expect(found.value.value.dims.n).toBe(30);
  });
});
