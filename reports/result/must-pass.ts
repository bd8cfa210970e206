import { mustPassDocuments } from '../../spec/must-pass/index.js';
import type { Result } from '../../spec/types/documents.js';
import { segmentsOf } from './result.js';

/** How many checks of the frozen list of a profile an implementation passed. */
export interface MustPassTally {
  readonly passed: number;
  /** Number of checks of the list in the storage types that the implementation claims. */
  readonly of: number;
}

/** Returns the tally of an implementation against the must-pass list of a profile, such as core@1; undefined if there is none. */
export function mustPassTally({ adapters, checks }: Result, adapter: string, profile: string): MustPassTally | undefined {
  const list = mustPassDocuments.find((document) => `${document.profile}@${document.version}` === profile);
  if (!list) return undefined;
  const claimed = adapters.find(({ id }) => id === adapter)?.capabilities?.dtypes ?? [];
  const asked = new Set(list.checks.filter((id) => (claimed as readonly string[]).includes(segmentsOf(id).dtype)));
  if (asked.size === 0) return undefined;
  const passed = checks.filter((check) => check.adapter === adapter && check.verdict === 'pass' && asked.has(check.id)).length;
  return { passed, of: asked.size };
}

/** "412 of 412 must-pass checks". */
export function mustPassText({ passed, of }: MustPassTally): string {
  return `${passed} of ${of} must-pass checks`;
}
