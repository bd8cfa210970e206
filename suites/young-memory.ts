import { setFlagsFromString } from 'node:v8';

/**
 * Memory for young objects of a thread that judges or computes, in MB: with the 48 that Node gives it, a tenth of the time goes to collecting them. V8 divides it
 * into three: two halves that objects are copied between, and as much for large ones.
 */
export const youngMemory = 192;

/** Option of Node with which a process has that memory. */
export const youngMemoryOption = `--max-semi-space-size=${youngMemory / 3}`;

/**
 * Makes all threads of the process collect old objects when nine tenths of the memory that V8 has set for them are used. It begins sooner by itself, twice a second
 * where the memory for young objects is large beside theirs, and each time forgets the compiled code of functions that were made for a case.
 */
export function collectOldObjectsLate(): void {
  setFlagsFromString('--incremental-marking-soft-trigger=90');
}
