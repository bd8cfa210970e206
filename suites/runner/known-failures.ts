import type { Failed } from './outcome.js';

/**
 * The crashes and refusals of a run's adapters that were made small. A process that does the same wrong thing in every check is searched for its
 * smallest case once. Which check that is depends on the one that comes first; its verdict does not.
 */
export class KnownFailures {
  private readonly met = new Set<string>();

  /** @returns whether one like it was met before. From then on it was. */
  meet(adapter: string, failed: Failed): boolean {
    const kind = kindOf(failed);
    if (kind === undefined) return false;
    const key = `${adapter} ${kind}`;
    const known = this.met.has(key);
    this.met.add(key);
    return known;
  }
}

/** Numbers in a refusal are those of the case. */
function kindOf({ verdict, class: failureClass, message }: Failed): string | undefined {
  if (verdict === 'crash') return `crash ${failureClass}`;
  return verdict === 'fail' && failureClass === 'refused' ? message.replace(/\d+/g, '0') : undefined;
}
