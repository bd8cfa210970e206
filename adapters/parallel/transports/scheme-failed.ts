/** A job of several ranks that came to no result: what became of each rank. */
export class SchemeFailed extends Error {
  override readonly name = 'SchemeFailed';
  constructor(
    /** What went wrong first: `deadlock`, `lost`, `duplicate`, `unconsumed`, `died`, `threw`. */
    readonly how: string,
    message: string,
    /** By rank: why it ended, or undefined where it had come to its end. */
    readonly ranks: readonly (string | undefined)[] = [],
  ) {
    super(message);
  }
}

/** The rank is taken from the job, as by a signal. */
export class RankKilled extends Error {
  override readonly name = 'RankKilled';
}

/** Another rank ended the job. */
export class PeerFailed extends Error {
  override readonly name = 'PeerFailed';
}
