import { longLengths } from '../../spec/length/long-lengths.js';
import type { AdapterResult, Result } from '../../spec/types/documents.js';

/** Lists lengths of checks over long sequences, and missing lengths with reasons. */
export function lengthsMet({ checks }: Pick<Result, 'checks'>, adapter: Pick<AdapterResult, 'id' | 'capabilities' | 'speed'>): string[] {
  const met = new Map<number, number>();
  for (const c of checks.filter((own) => own.adapter === adapter.id)) {
    for (const [label, count] of Object.entries(c.coverage)) {
      const [, tokens] = /^keys:(\d+)$/.exec(label) ?? [];
      if (tokens !== undefined) met.set(Number(tokens), (met.get(Number(tokens)) ?? 0) + count);
    }
  }
  if (met.size === 0) return [];
  const told = [...met].sort(([x], [y]) => x - y).map(([tokens, count]) => `${tokens} ×${count}`);
  const missed = new Map<string, number[]>();
  for (const [, tokens] of longLengths) {
    if (met.has(tokens)) continue;
    const why = whyNot(tokens, adapter);
    missed.set(why, [...(missed.get(why) ?? []), tokens]);
  }
  return [...told, ...[...missed].map(([why, lengths]) => `none of ${lengths.join(', ')}: ${why}`)];
}

function whyNot(tokens: number, { capabilities, speed }: Pick<AdapterResult, 'capabilities' | 'speed'>): string {
  const limit = capabilities?.limits?.n;
  if (typeof limit === 'object' && !Array.isArray(limit) && limit.max !== undefined && tokens > limit.max)
    return `its limits end at ${limit.max}`;
  if (Array.isArray(limit) && !limit.includes(tokens)) return 'its limits do not list them';
  if (typeof limit === 'object' && !Array.isArray(limit) && limit.multipleOf !== undefined && tokens % limit.multipleOf !== 0)
    return `its limits ask for multiples of ${limit.multipleOf}`;
  return `not drawn, or too costly${speed ? ` for a kernel that is ${speed}` : ''}; --tokens N asks for one alone`;
}
