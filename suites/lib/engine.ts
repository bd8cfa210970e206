import { setFlagsFromString } from 'node:v8';

/** Megabytes of young objects per judging thread; Node's 48 cost a tenth of the time. */
export const youngMemory = 192;

/** Node's option for that memory, which V8 divides into three. */
export const youngMemoryOption = `--max-semi-space-size=${youngMemory / 3}`;

/** First V8 that optimises late by itself; Node 20 has 11. */
const OPTIMISES_LATE = 12;

/** Collects old objects at nine tenths of V8's limit, not earlier. */
export function collectOldObjectsLate(): void {
  setFlagsFromString('--incremental-marking-soft-trigger=90');
}

/** Makes V8 optimise later and keep code: functions made per check run only some hundred times. */
export function optimiseLate(): void {
  setFlagsFromString('--no-flush-bytecode');
  if (Number.parseInt(process.versions.v8, 10) < OPTIMISES_LATE) setFlagsFromString('--interrupt-budget=200000');
}
