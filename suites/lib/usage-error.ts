/** Impossible request: an unknown name, a filter without a match. The command line exits 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
