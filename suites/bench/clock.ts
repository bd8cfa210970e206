import { median, sorted } from './ratio.js';

/** Durations of messages that asked for several repeats, in milliseconds. */
export interface ClockReading {
  /** The mean that the kernel's process told for one repeat, of each message. */
  readonly claimed: readonly number[];
  /** Each message as the runner saw it, from the question to the answer. */
  readonly outside: readonly number[];
  /** Messages that asked for no work of the kernel, taken in turns with the others. */
  readonly idle: readonly number[];
  /** Repeats that a message of `outside` has more than one of `idle`. */
  readonly repeats: number;
  /** Idle messages repeat what the host does around a call: a share of them is not hidden work. False for a kernel that repeats by itself. */
  readonly hosted: boolean;
}

/** A claim is believed, is wrong, or cannot be told from what messages take by themselves. */
export type ClockVerdict = 'believed' | 'wrong' | 'untold';

/**
 * Milliseconds of one repeat that a message took beyond what was claimed and beyond an idle message: at least, and at most. Each message is held
 * against its own claim, as work takes longer on a busy machine too.
 */
function hiddenTime({ claimed, outside, idle, repeats }: ClockReading): { least: number; most: number } {
  const beyond = outside.map((seen, x) => seen - claimed[x] * repeats);
  return { least: (quartile(beyond, 1) - quartile(idle, 3)) / repeats, most: (quartile(beyond, 3) - quartile(idle, 1)) / repeats };
}

/** Milliseconds of one repeat as the runner saw it: what was claimed, and what was hidden at least and at most. */
export function seenRepeat(reading: ClockReading): { least: number; most: number } {
  const claimed = median(reading.claimed);
  const { least, most } = hiddenTime(reading);
  return { least: claimed + Math.max(0, least), most: claimed + Math.max(0, most) };
}

/**
 * Holds what a kernel claims against the runner's clock: it may hide as much as it claims, and as much as the host's own work around a call
 * takes. Idle messages say what messages take on this machine at this moment, so a busy machine makes the interval of what may be hidden
 * wider, and not the kernel a liar.
 */
export function heldToClock(reading: ClockReading): ClockVerdict {
  const { least, most } = hiddenTime(reading);
  const allowed = median(reading.claimed) + (reading.hosted ? median(reading.idle) / reading.repeats : 0);
  if (least > allowed) return 'wrong';
  return most > allowed ? 'untold' : 'believed';
}

/**
 * Holds what a kernel claims against several readings. Other work on the machine can look like hidden work in some of them, but a kernel that
 * hides work does so in all: one reading clears it, and only all together accuse it.
 */
export function heldToClocks(readings: readonly ClockReading[]): ClockVerdict {
  const verdicts = readings.map(heldToClock);
  if (verdicts.includes('believed')) return 'believed';
  return verdicts.every((verdict) => verdict === 'wrong') ? 'wrong' : 'untold';
}

/** Calls of a microsecond, of which there must be many for a message to tell of them on a busy machine. */
const mostRepeats = 100_000;

/**
 * Repeats for which a message takes many times as long as idle messages differ among each other.
 * @param call milliseconds of one repeat, roughly. @param idle milliseconds of some idle messages. @param longest milliseconds that a message may take.
 */
export function repeatsToTell(call: number, idle: readonly number[], longest: number): number {
  const spread = quartile(idle, 3) - quartile(idle, 1);
  const wanted = Math.min(longest, Math.max(5, 20 * spread));
  return Math.max(1, Math.min(mostRepeats, Math.ceil(wanted / Math.max(call, 1e-3))));
}

/** The first or third quartile: the value that a quarter of the values lie beyond. */
function quartile(values: readonly number[], which: 1 | 3): number {
  const order = sorted(values);
  const beyond = Math.floor(order.length / 4);
  return which === 1 ? order[beyond] : order[order.length - 1 - beyond];
}
