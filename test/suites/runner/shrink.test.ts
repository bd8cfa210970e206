import type { Value } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawCase } from '../../../generators/lib/seeds.js';
import { isCheckedByHand } from '../../../spec/tensor/case-elements.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Failed, Outcome } from '../../../suites/runner/run/outcome.js';
import { defaultBudget, shrink } from '../../../suites/runner/search/shrink.js';
import { everyCase, type FakeVerdict, failed, fakeRunner, pass } from './fake-runner.js';

const always = () => true;

/** A drawn case that fails as asked, and all that shrinking it takes. */
function start(verdictOf: (c: Case) => FakeVerdict, from: (c: Case) => boolean = always) {
  const runner = fakeRunner(verdictOf);
  const arbitrary = everyCase(runner);
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
    const found = await shrink(arbitrary, runner, { value, failed: first });
    if (kind === 'value') expect(found.value.value.dims).toEqual({ b: 1, hk: 1, g: 1, m: 1, n: 17, d: 1, e: 1 });
    else expect(found.value.value).toEqual(value.value);
    expect(found.failed.class).toBe(kind);
  });

  test('of a crash goes on in new processes, within its budget', async () => {
    const { runner, arbitrary, value } = start(({ dims: { n } }) => (n >= 17 ? 'dies' : pass));
    const first: Failed = { status: 'failed', verdict: 'crash', class: 'SIGSEGV', message: '' };
    expect((await shrink(arbitrary, runner, { value, failed: first })).value.value.dims.n).toBe(17);
    const few = start(({ dims: { n } }) => (n >= 17 ? 'dies' : pass));
    const found = await shrink(
      few.arbitrary,
      few.runner,
      { value: few.value, failed: first },
      { budget: { ...defaultBudget, milliseconds: 1e6, restarts: 2 } },
    );
    expect(found.adopted).toHaveLength(3);
    expect(few.runner.supervisor.restarts).toBe(2);
  });

  test('tries no more candidates than its budget', async () => {
    const { runner, arbitrary, value } = start(() => pass);
    await shrink(
      arbitrary,
      runner,
      { value, failed: failed('value') as Failed },
      { budget: { ...defaultBudget, candidates: 10, milliseconds: 1e6 } },
    );
    expect(runner.called.length).toBe(10);
  });

  test('ends where a candidate hangs, or the run must stop', async () => {
    const { runner, arbitrary, value } = start(() => 'hangs');
    const first = failed('value') as Failed;
    expect((await shrink(arbitrary, runner, { value, failed: first })).adopted).toHaveLength(1);
    expect(runner.called.length).toBe(1);
    await shrink(arbitrary, runner, { value, failed: first }, { stop: always });
    expect(runner.called.length).toBe(1);
  });

  test('keeps what it is told to keep', async () => {
    const { runner, arbitrary, value } = start(() => failed('value'));
    const found = await shrink(arbitrary, runner, { value, failed: failed('value') as Failed }, { keeps: (c) => c.dims.n >= 30 });
    expect(found.value.value.dims.n).toBe(30);
  });

  /** Off by so many bounds. */
  const off = (times: number): Outcome => ({ ...(failed('value') as Failed), expected: 0, actual: times, bound: 1 });

  test('does not end in what is hardly off, where it began with more', async () => {
    const verdictOf = ({ dims: { n } }: Case) => (n > 3 ? off(n / 3) : pass);
    const { runner, arbitrary, value } = start(verdictOf);
    const found = await shrink(arbitrary, runner, { value, failed: verdictOf(value.value) as Failed });
    expect(found.value.value.dims).toMatchObject({ m: 1, n: 6, d: 1 });
    expect(found.failed.actual).toBe(2);
  });

  test('ends in what is hardly off, where nothing else can be checked by hand', async () => {
    const verdictOf = ({ dims: { n } }: Case) => (n > 3 ? off(n / 18) : pass);
    const { runner, arbitrary, value } = start(verdictOf);
    const found = await shrink(arbitrary, runner, { value, failed: verdictOf(value.value) as Failed });
    expect(found.value.value.dims).toMatchObject({ m: 1, n: 4, d: 1 });
    expect(found.adopted.some(({ dims: { n } }) => n >= 36)).toBe(true);
    expect(isCheckedByHand(found.value.value.dims)).toBe(true);
    // found.adopted goes from the first to the smallest, each once
    expect(new Set(found.adopted.map((c) => JSON.stringify(c))).size).toBe(found.adopted.length);
  });

  test('prefers, of what is tried together, the first that is clearly off', async () => {
    // more keys than one, and fewer than at first, are far off
    const most = start(() => off(1.1)).value.value.dims.n;
    const { runner, arbitrary, value } = start(({ dims: { n } }) => (n === 1 ? off(1.5) : n < most ? off(20) : off(1.1)));
    const found = await shrink(arbitrary, runner, { value, failed: off(1.1) as Failed });
    expect(found.value.value.dims.n).toBe(2);
  });

  test('finds the same one by one, with fewer calls', async () => {
    const most = start(() => off(1.1)).value.value.dims.n;
    const verdictOf = ({ dims: { n, d } }: Case) => (n < 3 ? pass : n === 3 ? off(1.5) : n < most && d > 1 ? off(20) : off(1.1));
    const found: [Case, number][] = [];
    for (const oneByOne of [false, true]) {
      const { runner, arbitrary, value } = start(verdictOf);
      Object.assign(runner.supervisor, { oneByOne });
      const smallest = await shrink(arbitrary, runner, { value, failed: off(1.1) as Failed });
      found.push([smallest.value.value, runner.called.length]);
    }
    const [together, alone] = found;
    expect(alone[0]).toEqual(together[0]);
    expect(alone[1]).toBeLessThan(together[1]);
  });

  test('tries first what it is told to, and goes on from there', async () => {
    const fails = ({ dims: { n, d } }: Case) => (n === 7 && d >= 2 ? failed('value') : pass);
    const { runner, arbitrary, value } = start(fails, ({ dims }) => dims.n > 40);
    let seed = 0;
    let smaller: Value<Case>;
    do smaller = drawCase(arbitrary, seed++);
    while (fails(smaller.value) === pass);
    const found = await shrink(arbitrary, runner, { value, failed: failed('value') as Failed }, { first: [smaller] });
    expect(found.adopted.slice(0, 2)).toEqual([value.value, smaller.value]);
    expect(found.value.value.dims).toMatchObject({ b: 1, m: 1, n: 7, d: 2 });
  });

  test('does not count the time in which jobs start', async () => {
    const { runner, arbitrary, value } = start(({ dims: { n } }) => (n >= 17 ? failed('value') : pass));
    const slot = runner.supervisor as { starting: number };
    const { run } = runner.supervisor;
    // each call starts a job: its time passes, and is told as such
    const clock = { now: 0 };
    const real = performance.now;
    performance.now = () => clock.now;
    try {
      runner.supervisor.run = async (cases) => {
        clock.now += 10_000;
        slot.starting += 10_000;
        return run(cases);
      };
      const budget = { ...defaultBudget, milliseconds: 1000, starting: 1e9 };
      const found = await shrink(arbitrary, runner, { value, failed: failed('value') as Failed }, { budget });
      expect(found.value.value.dims.n).toBe(17);
      const hasty = await shrink(
        arbitrary,
        runner,
        { value, failed: failed('value') as Failed },
        { budget: { ...budget, starting: 15_000 } },
      );
      expect(hasty.adopted.length).toBeLessThanOrEqual(3);
    } finally {
      performance.now = real;
    }
  });
});
