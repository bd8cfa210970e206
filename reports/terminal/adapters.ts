import { longLengths } from '../../spec/length/long-lengths.js';
import type { AdapterResult, Result } from '../../spec/types/documents.js';
import { mustPassTally, mustPassText } from '../result/must-pass.js';
import { availableAdapters, declaredDialect, describeTally, expectedFailuresOf } from '../result/result.js';
import { unsupportedReasons } from '../result/unsupported-reasons.js';

/** Lists lengths of checks over long sequences, and missing lengths with reasons. */
function lengthsMet({ checks }: Pick<Result, 'checks'>, adapter: Pick<AdapterResult, 'id' | 'capabilities' | 'speed'>): string[] {
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
  if (Array.isArray(limit) && !limit.includes(tokens)) return 'its limits do not list these lengths';
  if (typeof limit === 'object' && !Array.isArray(limit) && limit.multipleOf !== undefined && tokens % limit.multipleOf !== 0)
    return `its limits require multiples of ${limit.multipleOf}`;
  return `not drawn, or too costly${speed ? ` for a kernel that is ${speed}` : ''}; --tokens N draws this length alone`;
}

/** Maximum number of adapters described in full. */
const most = 3;
const mostReasons = 2;

/** Describes available adapters: profiles, unsupported checks, dialect, speed, environment. */
export function adapterSections(result: Result): string {
  const adapters = availableAdapters(result).filter((a) => result.checks.some((c) => c.adapter === a.id));
  return adapters.map((adapter) => (adapters.length > most ? brief : whole)(result, adapter).join('\n')).join('\n');
}

function whole(result: Result, adapter: AdapterResult): string[] {
  const { id, version, environment, dialect, speed, unclaimed } = adapter;
  return [
    `${id}${version ? ` ${version}` : ''}`,
    ...profilesOf(result, id).map((text) => `  ${text}`),
    ...reasonsOf(result, id).map(({ count, text }) => `  unsupported ×${count}: ${text}`),
    ...line('operators not claimed', unclaimedOf(unclaimed)),
    ...line('dialect', deviationsOf(dialect)),
    ...line('speed', speed === 'slow' ? ['slow, so the largest cases are kept small'] : []),
    ...line('keys of long cases', lengthsMet(result, adapter)),
    ...line(
      'runs on',
      Object.entries(environment).map(([key, value]) => `${key} ${value}`),
    ),
  ];
}

function brief(result: Result, { id, version, dialect, speed, unclaimed }: AdapterResult): string[] {
  const reasons = reasonsOf(result, id);
  const more = reasons.length - mostReasons;
  const told = reasons.slice(0, mostReasons).map(({ count, text }) => `×${count} ${text}`);
  return [
    `${id}${version ? ` ${version}` : ''}`,
    `  ${profilesOf(result, id).join(' · ')}`,
    ...line('unsupported', [...told, ...(more > 0 ? [`${more} more ${more === 1 ? 'reason' : 'reasons'}`] : [])]),
    ...line('operators not claimed', unclaimedOf(unclaimed)),
    ...line('dialect', deviationsOf(dialect)),
    ...line('speed', speed === 'slow' ? ['slow, so the largest cases are kept small'] : []),
  ];
}

function profilesOf(result: Result, adapter: string): string[] {
  const tallies = result.profiles.filter((t) => t.adapter === adapter);
  return tallies.map((t) => {
    const mustPass = mustPassTally(result, adapter, t.name);
    return `${t.name}: ${describeTally(t, expectedFailuresOf(result, t))}${mustPass ? `; ${mustPassText(mustPass)}` : ''}`;
  });
}

function reasonsOf({ checks }: Result, id: string): ReturnType<typeof unsupportedReasons> {
  return unsupportedReasons(checks.filter(({ adapter }) => adapter === id));
}

/** Returns deviations from the default dialect as `axis=value`. */
export function deviationsOf(dialect: AdapterResult['dialect']): string[] {
  return declaredDialect(dialect).map(([axis, d]) => `${axis}=${d.value}${d.from === 'flag' ? ' (flag)' : ''}`);
}

function unclaimedOf(unclaimed: AdapterResult['unclaimed'] = {}): string[] {
  const counts = Object.values(unclaimed);
  return counts.length === 0 ? [] : [`${counts.length} (${counts.reduce((sum, count) => sum + count, 0)} checks)`];
}

function line(title: string, parts: readonly string[]): string[] {
  return parts.length > 0 ? [`  ${title}: ${parts.join(', ')}`] : [];
}
