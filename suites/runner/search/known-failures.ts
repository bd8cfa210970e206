import { alikeKind, type Failed } from '../run/outcome.js';

/**
 * The crashes and refusals of a run's adapters that were made small. A process that does the same wrong thing in every check is searched for its
 * smallest case once. Which check that is depends on the one that comes first; its verdict does not.
 */
export class KnownFailures {
  private readonly met = new Set<string>();

  /** @returns whether one like it was met before. From then on it was. */
  meet(adapter: string, failed: Failed): boolean {
    // numbers in a refusal are those of the case
    const kind = alikeKind(failed, failed.message.replace(/\d+/g, '0'));
    if (kind === undefined) return false;
    const key = `${adapter} ${kind}`;
    const known = this.met.has(key);
    this.met.add(key);
    return known;
  }
}
