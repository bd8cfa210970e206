import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../spec/types/documents.js';
import type { Check } from '../../../suites/contract/check.js';
import { CheckQueue } from '../../../suites/runner/run/check-queue.js';

const check = (adapter: string, id: string) => ({ id, adapter }) as Check;
const result = (c: Check, verdict: CheckResult['verdict']) => ({ ...c, verdict }) as unknown as CheckResult;
const checks = ['a', 'b', 'c'].flatMap((adapter) => [1, 2, 3, 4].map((n) => check(adapter, `${n}`)));
const never = () => undefined;
const done = (queue: CheckQueue, c: Check, verdict: CheckResult['verdict'], more: Partial<CheckResult> = {}) => {
  queue.count(c, { ...result(c, verdict), ...more });
  queue.release(c);
};

describe('the queue of checks', () => {
  test('hands out all of them, those of one adapter together', async () => {
    const queue = new CheckQueue(checks, never, undefined, never);
    const taken: Check[] = [];
    for (let c = await queue.take(undefined); c; c = await queue.take(c.adapter)) {
      taken.push(c);
      done(queue, c, 'pass');
    }
    expect(taken).toEqual(checks);
  });

  test('lets adapters on one device take turns', async () => {
    const queue = new CheckQueue(checks, (id) => (id === 'c' ? undefined : 'gpu'), undefined, never);
    const first = (await queue.take(undefined)) as Check;
    expect(first.adapter).toBe('a');
    expect(((await queue.take(undefined)) as Check).adapter).toBe('c');
    for (let i = 0; i < 3; i++) await queue.take('c');
    let resumed = false;
    const waiting = queue.take('b').then((c) => {
      resumed = true;
      return c;
    });
    await new Promise((r) => setTimeout(r, 5));
    expect(resumed).toBe(false);
    done(queue, first, 'pass');
    expect((await waiting)?.adapter).toBe('b');
  });

  test('gives an adapter up after three timeouts', async () => {
    const queue = new CheckQueue(checks, never, undefined, never);
    for (let i = 0; i < 3; i++) {
      const c = (await queue.take('a')) as Check;
      done(queue, c, 'timeout');
    }
    expect(queue.notRun.map((n) => [n.check, n.reason])).toEqual([[checks[3], 'the adapter was given up after 3 checks with a timeout']]);
    expect((await queue.take('a'))?.adapter).toBe('b');
  });

  test.each<[string, Partial<CheckResult>]>([
    ['crash', { verdict: 'crash', class: 'SIGSEGV' }],
    ['refusal', { verdict: 'fail', class: 'refused' }],
  ])('gives an adapter up that has passed nothing, after the fifth %s alike', async (_, ended) => {
    const many = [1, 2, 3, 4, 5, 6, 7].map((n) => check('a', `${n}`));
    const run = async (verdicts: readonly Partial<CheckResult>[]) => {
      const queue = new CheckQueue(many, never, undefined, never);
      for (const each of verdicts) {
        const c = (await queue.take('a')) as Check | undefined;
        if (c) done(queue, c, 'pass', each);
      }
      return queue.notRun;
    };
    const alike = new Array(5).fill(ended);
    expect((await run(alike)).map(({ check: { id } }) => id)).toEqual(['6', '7']);
    expect((await run(alike))[0].reason).toMatch(/^the adapter was given up: nothing passed, and 5 checks ended alike/);
    expect(await run([{ verdict: 'unsupported' }, ...alike.slice(1)])).toEqual([]);
    expect(await run([{ verdict: 'pass' }, ...alike])).toEqual([]);
    expect(await run([...alike.slice(1), { ...ended, class: 'other' }])).toEqual([]);
    expect(await run([...alike.slice(1), { ...ended, expected: true }])).toEqual([]);
  });

  test('bails out after so many failures that nobody expected', async () => {
    const queue = new CheckQueue(checks, never, 2, never);
    for (const expected of [true, false, false]) {
      const c = (await queue.take('a')) as Check;
      done(queue, c, 'fail', expected ? { expected } : {});
    }
    expect(await queue.take('a')).toBeUndefined();
    expect(queue.notRun.map((n) => n.check)).toEqual(checks.slice(3));
    expect(queue.notRun[0].reason).toContain('--bail 2');
  });

  test('hands out nothing more once the run must stop', async () => {
    let reason: string | undefined;
    const queue = new CheckQueue(checks, never, undefined, () => reason);
    await queue.take(undefined);
    reason = 'the time limit of 1 s was reached';
    expect(await queue.take('a')).toBeUndefined();
    expect(queue.notRun).toHaveLength(11);
  });
});
