import { describe, expect, test } from 'vitest';
import { caseSeed, drawCase, randomOf } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import type { Case, Expectation } from '../../../spec/types/documents.js';
import type { Check } from '../../../suites/contract/check.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { runCheck } from '../../../suites/runner/run/run-check.js';
import { hunt } from '../../../suites/runner/search/hunt.js';
import { HuntTime } from '../../../suites/runner/search/hunt-time.js';
import { everyCase, type FakeVerdict, failed, fakeRunner, pass } from './fake-runner.js';

const always = { milliseconds: 1e9, stop: () => undefined, expected: () => undefined };

/** 1 where 37 keys meet a head size of 5, and less the further away a case is. */
const nearness = ({ dims: { n, d } }: Case) => 1 / (1 + Math.abs(n - 37) / 4 + Math.abs(d - 5));

function setUp(verdictOf: (c: Case) => FakeVerdict = () => pass, ratioOf = nearness, latency = () => 0) {
  const runner = fakeRunner(verdictOf, latency, {}, ratioOf);
  const arbitrary = everyCase(runner);
  return { runner, arbitrary };
}

describe('a hunt', () => {
  test('comes nearer to the bound than as many cases that are drawn', async () => {
    let [hunted, drawn] = [0, 0];
    for (const seed of [0, 1, 2, 3]) {
      const { runner, arbitrary } = setUp();
      const { hunt: found, failure } = await hunt(arbitrary, runner, { ...always, seed, cases: 1000 });
      expect(failure).toBeUndefined();
      expect(found.cases).toBe(1000);
      expect(found.case && nearness(found.case)).toBe(found.maxOverBound);
      hunted += Number(found.maxOverBound);
      drawn += Math.max(...Array.from({ length: 1000 }, (_, i) => nearness(drawCase(arbitrary, caseSeed(seed, i, 0)).value)));
    }
    expect(hunted / 4).toBeGreaterThan(0.9);
    expect(drawn / 4).toBeLessThan(0.7);
  });

  test('tries the same cases for a seed, however long anything takes, and none of them twice', async () => {
    const called = async (seed: number, latency: () => number) => {
      const { runner, arbitrary } = setUp(() => pass, nearness, latency);
      await hunt(arbitrary, runner, { ...always, seed, cases: 120 });
      return runner.called.map((c) => JSON.stringify(c));
    };
    const steady = await called(7, () => 0);
    expect(await called(7, () => Math.random() * 4)).toEqual(steady);
    expect(await called(8, () => 0)).not.toEqual(steady);
    expect(new Set(steady).size).toBe(120);
  });

  test('ends at a failure, which shrinks as any other', async () => {
    const { runner, arbitrary } = setUp((c) => (nearness(c) > 0.8 ? failed('value') : pass));
    const { hunt: found, failure } = await hunt(arbitrary, runner, { ...always, seed: 0, cases: 5000 });
    expect(failure && nearness(failure.drawn.value.value)).toBeGreaterThan(0.8);
    expect(found.cases).toBeLessThan(5000);
    expect(Number(found.maxOverBound)).toBeLessThanOrEqual(0.8);
    const { value, context } = failure?.drawn.value ?? {};
    expect([...arbitrary.shrink(value as Case, context)].length).toBeGreaterThan(10);
  });

  test('goes on past failures that are expected, and keeps the first where no other is met', async () => {
    const known: Expectation = { check: '**', verdict: 'fail', when: { dtype: 'f32' }, why: 'known' };
    const { runner, arbitrary } = setUp((c) => (c.dims.n > 60 ? failed('value') : pass));
    const { hunt: found, failure } = await hunt(arbitrary, runner, { ...always, seed: 0, cases: 200, expected: () => known });
    expect(runner.called).toHaveLength(200);
    expect(found.cases).toBe(200);
    expect(failure).toMatchObject({ expectation: known, failed: { class: 'value' } });
  });

  test('ends where the run does, and where its time is over', async () => {
    const { runner, arbitrary } = setUp();
    await hunt(arbitrary, runner, { ...always, seed: 0, stop: () => 'the run was interrupted' });
    await hunt(arbitrary, runner, { ...always, seed: 0, milliseconds: 0 });
    expect(runner.called).toHaveLength(0);
  });
});

describe('mutated cases', () => {
  test('stay within the claims, however far they go', () => {
    const limits = { d: [16, 64], e: '=d', m: { min: 2, multipleOf: 2 }, n: { max: 40 } } as const;
    const runner = fakeRunner(() => pass, undefined, { limits });
    const request = { operator: 'softmax', mask: 'any', feature: 'all', dtype: 'f32', needs: {} } as const;
    const arbitrary = caseArbitrary(runner.claims, request);
    const random = randomOf(5);
    let [one, other] = [0, 1].map((i) => drawCase(arbitrary, i));
    const sizes = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      const value = arbitrary.mutate(random, one, other);
      if (!value) continue;
      [other, one] = [one, value];
      const { m, n, d, e } = value.value.dims;
      expect([16, 64]).toContain(d);
      expect([e, m % 2, n <= 40 && m >= 2]).toEqual([d, 0, true]);
      sizes.add(JSON.stringify(value.value.dims));
    }
    expect(sizes.size).toBeGreaterThan(200);
  });
});

describe('a check that hunts', () => {
  const check: Check = {
    id: 'softmax+all/any/oracle/f32',
    adapter: 'fake',
    operator: 'softmax',
    feature: 'all',
    mask: 'any',
    property: 'oracle',
    dtype: 'f32',
    cases: 20,
    floors: 0,
    request: { operator: 'softmax', feature: 'all', mask: 'any', dtype: 'f32', needs: oracle.needs },
  };
  const judge = (runner: ReturnType<typeof fakeRunner>, seconds: number) =>
    runCheck(check, runner, {
      seed: 0,
      stop: () => undefined,
      onCases: () => {},
      failures: { write: async () => undefined },
      hunt: new HuntTime(seconds, 1, 1),
    });

  test('passes with the largest ratio it met beside that of its drawn cases', async () => {
    const result = await judge(setUp().runner, 1);
    expect(result).toMatchObject({ verdict: 'pass', cases: 20 });
    expect(result.hunt?.cases).toBeGreaterThan(0);
    expect(Number(result.hunt?.maxOverBound)).toBeGreaterThan(0);
    expect(result.hunt?.case).toBeDefined();
  });

  test('fails where it meets a failure, made small', async () => {
    // what no drawn case of this seed is: a hunt comes near it
    const fails = (c: Case) => nearness(c) > 0.75;
    const result = await judge(setUp((c) => (fails(c) ? failed('value') : pass)).runner, 60);
    expect(result).toMatchObject({ verdict: 'fail', class: 'value', cases: 20, failure: { reproduced: 5 } });
    expect(result.failure?.case.dims).toMatchObject({ b: 1, m: 1, d: 5 });
  });

  test('does not hunt after it failed', async () => {
    const { runner } = setUp(() => failed('value'));
    expect(await judge(runner, 60)).not.toHaveProperty('hunt');
  });
});

test('the time of a hunt is divided over its checks: what one leaves the others have', () => {
  const time = new HuntTime(12, 4, 1);
  expect(time.take()).toBe(3000);
  time.giveBack(3000);
  expect(time.take()).toBe(4000);
  time.giveBack(-1000);
  expect([time.take(), time.take()]).toEqual([3500, 3500]);
  expect(time.take()).toBe(0);
  // two at a time have twice as much
  expect(new HuntTime(12, 4, 2).take()).toBe(6000);
  expect(new HuntTime(12, 1, 2).take()).toBe(12_000);
});
