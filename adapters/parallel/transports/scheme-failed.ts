/** How a job of several ranks may end without a result: classes of its failure. */
export const jobEnds: readonly string[] = ['deadlock', 'lost', 'duplicate', 'unconsumed', 'died', 'threw', 'timeout'];

/** Error of a job of several ranks that gave no result, with the end of each rank. */
export class SchemeFailed extends Error {
  override readonly name = 'SchemeFailed';
  constructor(
    /** First failure, one of `jobEnds`. */
    readonly how: string,
    message: string,
    /** Reason why each rank ended, by rank; undefined if the rank reached its end. */
    readonly ranks: readonly (string | undefined)[] = [],
  ) {
    super(message);
  }
}

/** Error that removes a rank from the job, as a signal would. */
export class RankKilled extends Error {
  override readonly name = 'RankKilled';
}

/** Error on a rank when another rank ended the job. */
export class PeerFailed extends Error {
  override readonly name = 'PeerFailed';
}
