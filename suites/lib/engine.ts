import { setFlagsFromString } from 'node:v8';

/**
 * Young-generation memory of a judging thread, in MB; V8 divides it by three. With Node's 48, a
 * tenth of the time goes to collection.
 */
export const youngMemory = 192;

/** Node's option for that memory. */
export const youngMemoryOption = `--max-semi-space-size=${youngMemory / 3}`;

/** First V8 that optimises late by itself; Node 20 has 11. */
const OPTIMISES_LATE = 12;

/** Collects old objects at nine tenths of V8's limit, not earlier. */
export function collectOldObjectsLate(): void {
  setFlagsFromString('--incremental-marking-soft-trigger=90');
}

/**
 * Makes V8 optimise later and keep code: functions made per check run some hundred times, and an
 * eighth of the judge's time went to optimising.
 */
export function optimiseLate(): void {
  setFlagsFromString('--no-flush-bytecode');
  if (Number.parseInt(process.versions.v8, 10) < OPTIMISES_LATE) setFlagsFromString('--interrupt-budget=200000');
}
