import { byClaim } from '../claims.js';
import type { CheckName, Report } from '../report.js';

/** Keys for grouping checks, with their titles. The first is the default. */
export const groupNames = [
  ['', 'operator and feature'],
  ['mask', 'mask'],
  ['property', 'property'],
  ['dtype', 'dtype'],
  ['scheme', 'scheme'],
] as const;

export interface Group {
  readonly name: string;
  readonly checks: readonly number[];
}

/** Groups checks by a key, in order of first appearance. */
export function groupsOf(report: Report, checks: readonly number[], by: string): Group[] {
  const groups = new Map<string, number[]>();
  for (const check of checks) {
    const name = groupOf(report.names[check], by);
    const group = groups.get(name);
    if (group) group.push(check);
    else groups.set(name, [check]);
  }
  return [...groups].map(([name, members]) => ({ name, checks: members }));
}

/** Moves unclaimed groups to the end, joined if there are several. */
export function claimedFirst(report: Report, implementations: readonly number[], groups: readonly Group[]): Group[] {
  const [claimed, others] = byClaim(report, implementations, groups, ({ checks }) => checks);
  if (others.length < 2) return [...groups];
  return [...claimed, { name: 'claimed by none', checks: others.flatMap(({ checks }) => checks) }];
}

function groupOf({ operator, feature, mask, property, dtype, scheme }: CheckName, by: string): string {
  if (by === 'mask') return mask;
  if (by === 'property') return property;
  if (by === 'dtype') return dtype;
  if (by === 'scheme') return scheme === '' ? 'one device' : scheme;
  return feature === '' ? operator : `${operator}+${feature}`;
}
