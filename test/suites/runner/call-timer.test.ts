import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallTimer } from '../../../suites/runner/host/timing/call-timer.js';

/** A machine on which one thread of a call gets a share of a processor. */
function machine(share: number) {
  const began = performance.now();
  return () => new Map([['1/1', (performance.now() - began) * share]]);
}

/** Milliseconds after which a call with a limit of one second ends, and what it exceeded; undefined where it does not end in a minute. */
function endOf(read: () => Map<string, number> | undefined, signs: readonly number[] = []): [number, string] | undefined {
  const began = performance.now();
  let end: [number, string] | undefined;
  const timer = new CallTimer(1000, { times: read }, (exceeded) => (end = [Math.round(performance.now() - began), exceeded]));
  for (let at = 0; at < 60_000 && !end; at += 10) {
    if (signs.includes(at)) timer.restart();
    vi.advanceTimersByTime(10);
  }
  timer.stop();
  return end;
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('the time limit of a call', () => {
  it('is that of the clock where the call has a processor of its own', () => {
    expect(endOf(machine(1))).toEqual([1000, 'no answer within 1 s of CPU time']);
  });

  it.each([2, 3, 7])('is %d times as long where the call has as small a share of a processor', (others) => {
    const [end, exceeded] = endOf(machine(1 / others)) as [number, string];
    expect(exceeded).toBe('no answer within 1 s of CPU time');
    expect(end / 1000).toBeGreaterThan(0.9 * others);
    expect(end / 1000).toBeLessThan(1.1 * others);
  });

  it('is ten times as long where the call only waits', () => {
    expect(endOf(() => new Map())).toEqual([10_000, 'no answer within 10 s']);
    expect(endOf(machine(0))).toEqual([10_000, 'no answer within 10 s']);
  });

  it('counts the busiest thread, not the sum of all', () => {
    const one = machine(1 / 4);
    const many = () => new Map(Array.from({ length: 64 }, (_, i) => [`1/${i}`, one().get('1/1') as number]));
    expect((endOf(many) as [number, string])[0]).toBeGreaterThan(3500);
  });

  it('is that of the clock where the system does not say what a thread computed', () => {
    expect(endOf(() => undefined)).toEqual([1000, 'no answer within 1 s']);
  });

  it('begins anew with every sign of life, before and after the first reading', () => {
    expect(endOf(machine(1), [50, 700, 1500])).toEqual([2500, 'no answer within 1 s of CPU time']);
  });

  it('reads nothing of a call that is short', () => {
    const read = vi.fn(() => new Map<string, number>());
    const timer = new CallTimer(1000, { times: read }, () => {});
    for (let call = 0; call < 50; call++) {
      vi.advanceTimersByTime(90);
      timer.restart();
    }
    timer.stop();
    vi.advanceTimersByTime(100_000);
    expect(read).not.toHaveBeenCalled();
  });
});
