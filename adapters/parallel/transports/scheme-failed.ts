/** Failures of a job of several ranks. */
export const jobEnds: readonly string[] = ['deadlock', 'lost', 'duplicate', 'unconsumed', 'died', 'threw', 'timeout'];

/** Error of a job of several ranks that gave no result. */
export class SchemeFailed extends Error {
  override readonly name = 'SchemeFailed';
  constructor(
    /** First failure, one of `jobEnds`. */
    readonly how: string,
    message: string,
    /** Reason for each rank's end, by rank; undefined if the rank finished. */
    readonly ranks: readonly (string | undefined)[] = [],
  ) {
    super(message);
  }
}

/** Error that removes a rank from the job, like a signal. */
export class RankKilled extends Error {
  override readonly name = 'RankKilled';
}

/** Error on a rank after another rank ended the job. */
export class PeerFailed extends Error {
  override readonly name = 'PeerFailed';
}
