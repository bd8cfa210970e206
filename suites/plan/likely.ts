import type { Check } from '../contract/check.js';

/** Properties that find most wrong kernels, best first. */
const telling = ['oracle', 'gradient', 'visibility', 'empty-row', 'stateless', 'dialect'];

/** Orders checks by likelihood of failure: `+all` first, then masks and features in turns. */
export function likelyFirst(checks: readonly Check[]): Check[] {
  const turns = new Map<string, number>();
  const rank = ({ property }: Check) => (telling.includes(property) ? telling.indexOf(property) : telling.length);
  const inGroups = [...checks].sort((a, b) => Number(b.feature === 'all') - Number(a.feature === 'all'));
  const placed = inGroups.map((check) => {
    const group = `${check.adapter} ${check.operator} ${check.property} ${check.dtype}`;
    const turn = turns.get(group) ?? 0;
    turns.set(group, turn + 1);
    return { check, turn };
  });
  return placed.sort((a, b) => a.turn - b.turn || rank(a.check) - rank(b.check)).map(({ check }) => check);
}
