import type { Random } from 'fast-check';
import type { Case, Operation, ReuseOperation } from '../../spec/types/documents.js';
import type { Flat } from '../lib/flat.js';
import type { Part } from '../lib/part.js';
import { chance } from '../lib/random.js';

/** Case of a call by a schedule of reuse. */
export type ReuseCase = Case & { readonly history: [ReuseOperation] };

const CALLS = 8;

/** True if a case's history is a schedule of reuse. */
export function isReuse(c: Pick<Case, 'history'>): c is ReuseCase {
  return isSchedule(c.history?.[0]);
}

function isSchedule(operation: Operation | undefined): operation is ReuseOperation {
  return operation?.op === 'reuse';
}

/** True if the last call returns the stored output: index % range ≠ 0, and lo < step < hi. */
export function isReused({ range, lo, hi, steps }: ReuseOperation): boolean {
  const place = steps.length - 1;
  return place % range !== 0 && lo < steps[place] && steps[place] < hi;
}

/** Calls of a schedule in order, each a case with its own seed. */
export function scheduledCalls(c: ReuseCase): ReuseCase[] {
  const [schedule] = c.history;
  return schedule.steps.map((_, place) => ({
    ...c,
    values: { ...c.values, seed: c.values.seed + place },
    history: [{ ...schedule, steps: schedule.steps.slice(0, place + 1) }],
  }));
}

/** Draws a schedule (T-GATE): descending steps, limits at some of the steps, and a range. */
function drawSchedule(random: Random, flat: Record<string, number>): void {
  flat.operations = random.nextInt(2, CALLS);
  for (let i = 0; i < flat.operations; i++) flat[`tokens${i}`] = random.nextInt(1, 100);
  flat.count0 = chance(random, 1, 4) ? CALLS : random.nextInt(1, 4);
  flat.sequence0 = chance(random, 1, 3) ? 0 : random.nextInt(0, flat.operations - 1);
  flat.sequence1 = chance(random, 1, 3) ? 0 : random.nextInt(0, flat.operations - 1);
}

/**
 * Schedule of a flat case: `sequence0` calls lie at or above `hi`, `sequence1` at or under `lo`.
 */
function scheduleOf(flat: Flat): ReuseOperation {
  const gaps = Array.from({ length: Math.min(flat.operations, CALLS) }, (_, i) => flat[`tokens${i}`]);
  const steps = gaps.map((_, place) => gaps.slice(place).reduce((sum, gap) => sum + gap, 0));
  const hi = flat.sequence0 === 0 ? steps[0] + 1 : steps[Math.min(flat.sequence0, steps.length) - 1];
  const lo = flat.sequence1 === 0 ? 0 : steps[Math.max(0, steps.length - flat.sequence1)];
  return { op: 'reuse', range: flat.count0, lo: Math.min(lo, hi), hi, steps };
}

/** Schedule by which calls return a stored output again, as the history of a case. */
export const reuse: Part = {
  fields: {},
  isDrawn: ({ request }) => request.needs.reuse === true,
  draw: (random, _, flat) => drawSchedule(random, flat),
  addTo(c, _, flat) {
    c.history = [scheduleOf(flat)];
  },
};
