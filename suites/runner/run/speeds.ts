import { existsSync, readFileSync } from 'node:fs';
import { speeds as classes, usualSpeed } from '../../../generators/space/budget.js';
import { measuredCases } from '../../../generators/space/measured-cases.js';
import type { Speed } from '../../../spec/types/documents.js';
import { allFactor, type Check } from '../../plan/plan.js';
import { propertyNamed } from '../../properties/index.js';
import { measureSpeed } from './measure-speed.js';
import type { RunOptions } from './options.js';
import type { StartedAdapter } from './start-adapters.js';

/** Seconds that a start may take for the measured process to be replaced by a new one, whose first call is judged as any other. */
const CHEAP_START = 2;

/** Most cases per check of an adapter that is not measured: those of a run of one case per check, rarely of production sizes. */
const FEW_CASES = allFactor;

/** Classes of speed, by adapter. */
export type Speeds = Readonly<Record<string, Speed>>;

/**
 * The class of each adapter that has cases of production sizes: what `--speed` says, or the journal of the run that is resumed; of a shard
 * the cost table; else it is measured. The middle one where none of these tells. An adapter of which every check has few cases counts as
 * slow: measuring it would take longer than judging it.
 * @param checks the plan.
 */
export async function speedsOf(
  adapters: readonly StartedAdapter[],
  checks: readonly Check[],
  {
    speed,
    shard,
    costs,
    startTimeout,
    begun,
  }: Pick<RunOptions, 'speed' | 'shard' | 'costs' | 'startTimeout'> & { readonly begun?: Speeds },
): Promise<Speeds> {
  const speeds: Record<string, Speed> = {};
  for (const adapter of adapters) {
    const { id } = adapter.result;
    const asked = checks.filter((check) => check.adapter === id && drawsProduction(check));
    if (asked.length === 0) continue;
    const few = asked.every(({ cases }) => cases <= FEW_CASES) ? classes[0] : undefined;
    const known = speed ?? begun?.[id] ?? (shard ? (costs?.speeds?.[id] ?? usualSpeed) : few);
    speeds[id] = known ?? (await measured(adapter, startTimeout * 1000)) ?? usualSpeed;
  }
  return speeds;
}

function drawsProduction({ unsupported, scheme, property }: Check): boolean {
  return unsupported === undefined && scheme === undefined && propertyNamed(property)?.needs.passes !== undefined;
}

async function measured({ host, claims, startSeconds }: StartedAdapter, limit: number): Promise<Speed | undefined> {
  if (!host || !claims) return undefined;
  const speed = await measureSpeed(host, measuredCases(claims), limit);
  if (startSeconds < CHEAP_START) await host.kill();
  return speed;
}

/** The classes in the journal of a run; undefined where there is none. What else its first line says is looked at where it is read. */
export function speedsOfJournal(path: string): Speeds | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const header: unknown = JSON.parse(readFileSync(path, 'utf8').split('\n', 1)[0]);
    const found = Object.entries((header as { speeds?: Speeds } | null)?.speeds ?? {});
    return Object.fromEntries(found.filter(([, speed]) => classes.includes(speed)));
  } catch {
    return undefined;
  }
}
