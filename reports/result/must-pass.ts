import { mustPassDocuments } from '../../spec/must-pass/index.js';
import type { Result } from '../../spec/types/documents.js';
import { segmentsOf } from './result.js';

/** Passed checks of a profile's frozen list. */
export interface MustPassTally {
  readonly passed: number;
  /** Number of listed checks in the claimed storage types. */
  readonly of: number;
}

/** Returns an implementation's tally for a must-pass list, e.g. core@1, if it exists. */
export function mustPassTally({ adapters, checks }: Result, adapter: string, profile: string): MustPassTally | undefined {
  const list = mustPassDocuments.find((document) => `${document.profile}@${document.version}` === profile);
  if (!list) return undefined;
  const claimed = adapters.find(({ id }) => id === adapter)?.capabilities?.dtypes ?? [];
  const asked = new Set(list.checks.filter((id) => (claimed as readonly string[]).includes(segmentsOf(id).dtype)));
  if (asked.size === 0) return undefined;
  const passed = checks.filter((check) => check.adapter === adapter && check.verdict === 'pass' && asked.has(check.id)).length;
  return { passed, of: asked.size };
}

export function mustPassText({ passed, of }: MustPassTally): string {
  return `${passed} of ${of} must-pass checks`;
}
