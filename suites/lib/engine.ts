import { setFlagsFromString } from 'node:v8';

/**
 * Memory for young objects of a thread that judges or computes, in MB: with the 48 that Node gives it, a tenth of the time goes to collecting them. V8 divides it
 * into three: two halves that objects are copied between, and as much for large ones.
 */
export const youngMemory = 192;

/** Option of Node with which a process has that memory. */
export const youngMemoryOption = `--max-semi-space-size=${youngMemory / 3}`;

/** The first V8 that optimises late by itself, and has no flag for it; that of Node 20 is 11. */
const OPTIMISES_LATE = 12;

/**
 * Makes all threads of the process collect old objects when nine tenths of the memory that V8 has set for them are used. It begins sooner by itself, twice a second
 * where the memory for young objects is large beside theirs.
 */
export function collectOldObjectsLate(): void {
  setFlagsFromString('--incremental-marking-soft-trigger=90');
}

/**
 * Sets V8, in all threads of the process, for functions that are made for a check, and called for some hundred cases: they are optimised when they have run three
 * times as long as V8 would have them run, and keep their code when old objects are collected. An eighth of the judge's time went to optimising, much of it functions
 * that hardly ran again.
 */
export function optimiseLate(): void {
  setFlagsFromString('--no-flush-bytecode');
  if (Number.parseInt(process.versions.v8, 10) < OPTIMISES_LATE) setFlagsFromString('--interrupt-budget=200000');
}
