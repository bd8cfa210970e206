import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockReading, heldToClock, heldToClocks, repeatsToTell, seenRepeat } from '../../../suites/bench/clock.js';

/** Milliseconds that a message takes by itself: little on a quiet machine; on a busy one some wait, each as likely with the kernel's work as without it. */
const wait = (busy: boolean) =>
  busy
    ? fc.oneof(fc.double({ min: 0.1, max: 1, noNaN: true }), fc.double({ min: 5, max: 80, noNaN: true }))
    : fc.double({ min: 0.1, max: 0.15, noNaN: true });
const waits = (busy: boolean) => fc.array(wait(busy), { minLength: 9, maxLength: 9 });
const call = fc.double({ min: 0.01, max: 100, noNaN: true });

/** A reading of a kernel whose calls take `real` milliseconds, and that claims a share of it. */
function read(real: number, share: number, repeats: number, messages: readonly number[], idle: readonly number[]): ClockReading {
  return {
    claimed: messages.map(() => real * share),
    outside: messages.map((message) => message + real * repeats),
    idle,
    repeats,
    hosted: true,
  };
}

describe("a kernel's clock, held against the runner's", () => {
  it('is believed on a quiet machine where it tells the truth, and not where it hides most of its work', () => {
    fc.assert(
      fc.property(call, fc.double({ min: 0, max: 0.3, noNaN: true }), waits(false), waits(false), (real, share, messages, idle) => {
        const repeats = repeatsToTell(real, idle, 250);
        expect(heldToClock(read(real, 1, repeats, messages, idle))).toBe('believed');
        expect(heldToClock(read(real, share, repeats, messages, idle))).toBe('wrong');
      }),
    );
  });

  it('is not called wrong for what a busy machine does to messages', () => {
    let wrong = 0;
    const runs = 2000;
    const busy = fc.sample(fc.tuple(call, waits(true), waits(true)), { numRuns: runs, seed: 5 });
    for (const [real, messages, idle] of busy)
      if (heldToClock(read(real, 1, repeatsToTell(real, idle, 250), messages, idle)) === 'wrong') wrong++;
    // a quarter of nine messages waits and three quarters of nine others do not: once in some hundred readings
    expect(wrong / runs).toBeLessThan(0.02);
  });

  it('cannot be told where messages differ by more than the calls take', () => {
    const reading = { claimed: [0.1, 0.1, 0.1, 0.1, 0.1], outside: [1, 40, 2, 60, 1], idle: [1, 50, 2, 1, 1], repeats: 1, hosted: true };
    expect(heldToClock(reading)).toBe('untold');
    expect(seenRepeat(reading).least).toBeCloseTo(0.1, 9);
    expect(seenRepeat(reading).most).toBeGreaterThan(1);
  });

  it('is judged by all readings: wrong only where each of them shows hidden work', () => {
    const believed = read(1, 1, 10, [0.1, 0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1, 0.1]);
    const wrong = { ...believed, claimed: [0.1, 0.1, 0.1, 0.1, 0.1] };
    const untold = { ...believed, outside: [10, 90, 10, 90, 90], idle: [0.1, 90, 0.1, 90, 0.1] };
    expect([believed, wrong, untold].map(heldToClock)).toEqual(['believed', 'wrong', 'untold']);
    expect(heldToClocks([wrong, wrong, wrong])).toBe('wrong');
    expect(heldToClocks([untold, untold, wrong])).toBe('untold');
    expect(heldToClocks([wrong, wrong, untold])).toBe('untold');
    expect(heldToClocks([wrong, untold, believed])).toBe('believed');
  });

  it('is read from more repeats where messages differ more, within what a message may take', () => {
    expect(repeatsToTell(1, [0.1, 0.1, 0.1, 0.1], 250)).toBe(5);
    expect(repeatsToTell(1, [1, 1, 9, 9], 250)).toBe(160);
    expect(repeatsToTell(1, [1, 1, 90, 90], 250)).toBe(250);
    expect(repeatsToTell(400, [1, 1, 90, 90], 250)).toBe(1);
  });
});
