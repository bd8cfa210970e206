/** Asked for something that cannot be: an unknown name, a filter that matches nothing, a journal of another plan. The command line exits 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
