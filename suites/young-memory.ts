/**
 * Memory for young objects of a thread that judges or computes, in MB: with the 48 that Node gives it, a tenth of the time goes to collecting them. V8 divides it
 * into three: two halves that objects are copied between, and as much for large ones.
 */
export const youngMemory = 192;

/** Option of Node with which a process has that memory. */
export const youngMemoryOption = `--max-semi-space-size=${youngMemory / 3}`;
