import type { ProfileTally, Result } from '../../spec/types/documents.js';
import { expectedFailuresOf, totalOf } from '../result/result.js';
import { boundedTable } from './bounded.js';
import { code } from './escape.js';

const head = ['implementation', 'profile', 'passed', 'failed', 'of these expected', 'not judged', 'unsupported'];

/** Adapters × profiles: what was passed, and how much of the profile an adapter does not claim. */
export function profileTable(result: Result, bytes: number): string {
  const versions = new Map(result.adapters.map(({ id, version }) => [id, version]));
  const rows = result.profiles.map((tally) => row(result, tally, versions.get(tally.adapter) ?? ''));
  return boundedTable(head, rows, 'llrrrrr', bytes);
}

function row(result: Result, tally: ProfileTally, version: string): string[] {
  const total = totalOf(tally);
  const { pass = 0, fail = 0, crash = 0, timeout = 0, unsupported = 0 } = tally;
  const failed = fail + crash + timeout;
  const share = total === 0 ? '' : ` (${Math.round((100 * unsupported) / total)} %)`;
  return [
    code(`${tally.adapter}${version ? ` ${version}` : ''}`),
    code(tally.name),
    `${pass}/${total}`,
    String(failed),
    String(failed === 0 ? 0 : expectedFailuresOf(result, tally)),
    String(total - pass - failed - unsupported),
    `${unsupported}${share}`,
  ];
}
