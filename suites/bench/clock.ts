import { median, sorted } from './ratio.js';

/** Milliseconds of messages with several repeats of a call. */
export interface ClockReading {
  /** Mean milliseconds of a repeat, claimed by each message. */
  readonly claimed: readonly number[];
  /** Each message as the runner saw it, from question to answer. */
  readonly outside: readonly number[];
  readonly idle: readonly number[];
  /** Repeats of `outside` minus repeats of `idle`. */
  readonly repeats: number;
  /** True if idle messages repeat the host's overhead: false for a kernel that repeats itself. */
  readonly hosted: boolean;
}

/** Verdict on a claimed time; `untold` if messages themselves take too long to tell. */
export type ClockVerdict = 'believed' | 'wrong' | 'untold';

/** Hidden time of a repeat. Each message has its claim, as work also slows on a busy machine. */
function hiddenTime({ claimed, outside, idle, repeats }: ClockReading): { least: number; most: number } {
  const beyond = outside.map((seen, x) => seen - claimed[x] * repeats);
  return { least: (quartile(beyond, 1) - quartile(idle, 3)) / repeats, most: (quartile(beyond, 3) - quartile(idle, 1)) / repeats };
}

/** Least and most milliseconds of a repeat as the runner saw it. */
export function seenRepeat(reading: ClockReading): { least: number; most: number } {
  const claimed = median(reading.claimed);
  const { least, most } = hiddenTime(reading);
  return { least: claimed + Math.max(0, least), most: claimed + Math.max(0, most) };
}

/** Checks a claim: hidden time up to the claim, and up to the host's overhead, is accepted. */
export function heldToClock(reading: ClockReading): ClockVerdict {
  const { least, most } = hiddenTime(reading);
  const allowed = median(reading.claimed) + (reading.hosted ? median(reading.idle) / reading.repeats : 0);
  if (least > allowed) return 'wrong';
  return most > allowed ? 'untold' : 'believed';
}

/** Checks a claim by several readings: one clears the kernel, only all accuse it. */
export function heldToClocks(readings: readonly ClockReading[]): ClockVerdict {
  const verdicts = readings.map(heldToClock);
  if (verdicts.includes('believed')) return 'believed';
  return verdicts.every((verdict) => verdict === 'wrong') ? 'wrong' : 'untold';
}

/** Enough calls of a microsecond for a message to stand out on a busy machine. */
const mostRepeats = 100_000;

/** Repeats that make a message much longer than idle messages vary. @param call milliseconds. */
export function repeatsToTell(call: number, idle: readonly number[], longest: number): number {
  const spread = quartile(idle, 3) - quartile(idle, 1);
  const wanted = Math.min(longest, Math.max(5, 20 * spread));
  return Math.max(1, Math.min(mostRepeats, Math.ceil(wanted / Math.max(call, 1e-3))));
}

function quartile(values: readonly number[], which: 1 | 3): number {
  const order = sorted(values);
  const beyond = Math.floor(order.length / 4);
  return which === 1 ? order[beyond] : order[order.length - 1 - beyond];
}
