import type { ProfileTally, Result } from '../../spec/types/documents.js';
import { describeTally } from '../result/result.js';

/** Change of the tally of an adapter in a profile, in words. */
export interface TallyChange {
  readonly profile: string;
  readonly adapter: string;
  readonly old: string;
  readonly now: string;
}

/** Changes of the tallies of profiles and adapters that both results have. */
export function tallyChanges(old: Result, now: Result): TallyChange[] {
  return now.profiles.flatMap((tally) => {
    const before = old.profiles.find(({ name, adapter }) => name === tally.name && adapter === tally.adapter);
    if (!before) return [];
    const [a, b] = [before, tally].map((t: ProfileTally) => describeTally(t, 0));
    return a === b ? [] : [{ profile: tally.name, adapter: tally.adapter, old: a, now: b }];
  });
}
