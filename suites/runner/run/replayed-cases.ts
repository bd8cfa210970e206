import { Value } from 'fast-check';
import type { DrawSettings } from '../../../generators/lib/needs.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { deviations } from '../../../spec/dialect.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { whyNotClaimed } from '../../plan/not-claimed.js';
import { claimedCalls, type DrawnCase } from './case-stream.js';

/** Check to judge saved cases by. */
export interface ReplayedCheck {
  readonly claims: Claims;
  readonly property: Property;
  readonly settings?: DrawSettings;
}

/** Returns the distinct claimed cases with negative indices; they were shrunk when found. */
export function replayedCases(cases: readonly Case[], asked: ReplayedCheck): DrawnCase[] {
  const seen = new Set<string>();
  const replayed: DrawnCase[] = [];
  for (const saved of cases) {
    const c = inDialect(saved, asked.claims.capabilities);
    const text = JSON.stringify(c);
    if (seen.has(text)) continue;
    seen.add(text);
    const calls = callsWithin(c, asked);
    if (calls) replayed.push({ index: -1 - replayed.length, attempt: 0, value: new Value(c, undefined), calls });
  }
  return replayed;
}

/** Returns the case in an adapter's dialect; a case lists non-default axes only. */
function inDialect({ dialect: _, ...c }: Case, { dialect }: FullCapabilities): Case {
  const own = deviations(dialect);
  return Object.keys(own).length > 0 ? { ...c, dialect: own } : c;
}

function callsWithin(c: Case, { claims, property, settings }: ReplayedCheck): readonly CallSpec[] | undefined {
  if (c.parallel && !isOnRanks(c.parallel, settings)) return undefined;
  if (whyNotClaimed(claims, c) !== undefined) return undefined;
  const calls = claimedCalls(property, c, claims);
  return calls?.every((call) => whyNotClaimed(claims, call.case) === undefined) ? calls : undefined;
}

function isOnRanks({ ranks, transport = 'simulated' }: NonNullable<Case['parallel']>, settings: DrawSettings | undefined): boolean {
  return (settings?.ranks?.includes(ranks) ?? true) && transport === (settings?.transport ?? 'simulated');
}
