import type { Random } from 'fast-check';
import type { Case } from '../../spec/types/documents.js';
import { toDims } from '../dims.js';
import { drawValues, valuesOf } from '../distributions.js';
import { drawDims } from '../draw-dims.js';
import { drawParameters } from '../draw-parameters.js';
import { counts, type Flat } from '../flat.js';
import { namedMask } from '../mask-parameters.js';
import { drawOptions, optionsOf } from '../options.js';
import { chance, pick, weighted } from '../random.js';
import { drawLength } from '../sizes.js';
import type { CaseSpace } from '../space.js';
import { kinds, operationsOf, SEQUENCES } from './operations.js';
import { play, sizesOf } from './play.js';
import type { HistoryRules } from './rules.js';

/** Appends where each compilation costs. */
const FEW = 3;

/** A flat case with a history. What its operations cannot be is left to saturation. */
export function drawHistory(random: Random, space: CaseSpace, { caches, appendsOnly }: HistoryRules, flat: Record<string, number>): Flat {
  const { compilesPer } = space.capabilities;
  // what is drawn of the sizes are heads and head sizes
  drawDims(random, space, true, flat);
  flat.b = flat.m = flat.n = 1;
  flat.cache = random.nextInt(0, caches.length - 1);
  const { page, masks } = caches[flat.cache];
  flat.mask0 = weighted(
    random,
    masks.map(({ name }) => (name === 'causal' ? 2 : 1)),
  );
  drawParameters(random, masks[flat.mask0], 0, flat);
  const costly = compilesPer.includes('m') || compilesPer.includes('n');
  flat.operations = appendsOnly ? random.nextInt(2, costly ? FEW : 5) : random.nextInt(2, counts.operations);
  for (let i = 0; i < flat.operations; i++) flat[`tokens${i}`] = costly ? space.pool.lengths[0] : drawTokenCount(random, page);
  drawOperations(random, flat);
  drawOptions(random, space.options, flat);
  drawValues(random, space.distributions, !appendsOnly && chance(random, 1, 6) ? 'poison' : undefined, flat);
  return flat;
}

/** Operations on sequences that are there; a fork is followed by an append to both in half of the cases. */
function drawOperations(random: Random, flat: Record<string, number>): void {
  const alive = new Set<number>();
  for (let i = 0; i < flat.operations; i++) {
    const kind = alive.size === 0 ? 'append' : kinds[weighted(random, [46, 22, 12, 8, 12])];
    flat[`kind${i}`] = kinds.indexOf(kind);
    flat[`count${i}`] = weighted(random, [0, 50, 30, 12, 8]);
    flat[`sequence${i}`] = kind === 'append' || alive.size === 0 ? random.nextInt(0, SEQUENCES - 1) : pick(random, [...alive]);
    if (kind === 'append') {
      if (i > 0 && flat[`kind${i - 1}`] === kinds.indexOf('fork') && chance(random, 1, 2)) {
        flat[`sequence${i}`] = flat[`sequence${i - 1}`];
        flat[`count${i}`] = flat[`count${i - 1}`] + 1;
      }
      for (let x = 0; x < flat[`count${i}`]; x++) alive.add((flat[`sequence${i}`] + x) % SEQUENCES);
    } else if (kind === 'fork') {
      const to = Array.from({ length: SEQUENCES - 1 }, (_, x) => x + 1).find((x) => !alive.has((flat[`sequence${i}`] + x) % SEQUENCES));
      flat[`count${i}`] = to ?? 1;
      alive.add((flat[`sequence${i}`] + flat[`count${i}`]) % SEQUENCES);
    } else if (kind === 'free') alive.delete(flat[`sequence${i}`]);
  }
}

/** New tokens of a sequence: one (decoding), a few, about as many as fill pages, a prompt. */
function drawTokenCount(random: Random, page: number): number {
  switch (weighted(random, [30, 25, page > 0 ? 30 : 0, 15])) {
    case 0:
      return 1;
    case 1:
      return random.nextInt(2, 8);
    case 2:
      return Math.max(1, page * pick(random, [1, 1, 2, 3]) + random.nextInt(-1, 1));
    default:
      return drawLength(random);
  }
}

/** The case that a flat case with a history stands for: the last call of it. */
export function historyCase(space: CaseSpace, rules: HistoryRules, flat: Flat): Case {
  const { request, capabilities, dialect } = space;
  const { page, masks } = rules.caches[Math.min(flat.cache, rules.caches.length - 1)];
  const rest = toDims(rules.dims, flat);
  const { limits } = capabilities;
  const history = operationsOf(flat, { page, appendsOnly: rules.appendsOnly, limits, dims: rest, work: rules.dims.work });
  const dims = { ...rest, ...sizesOf(play(history)) };
  const { bias: _, ...options } = optionsOf(space.options, flat);
  return {
    operator: request.operator,
    dims,
    mask: namedMask(masks[Math.min(flat.mask0, masks.length - 1)], flat, 0, dims),
    options,
    dtype: request.dtype,
    layout: space.layouts[0],
    history,
    values: valuesOf(space.distributions, flat),
    ...(dialect && { dialect }),
  };
}
