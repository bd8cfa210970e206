import type { Random } from 'fast-check';
import type { Case } from '../../spec/types/documents.js';
import { drawDims } from '../dims/draw-dims.js';
import { drawProductionDims } from '../dims/production.js';
import { drawOperations, drawSeveralLengths, drawTokenCount } from '../history/draw-operations.js';
import type { HistoryCase } from '../history/inputs.js';
import { operationsOf } from '../history/operations.js';
import { play, sizesOf } from '../history/play.js';
import type { CaseSpace, DimRules, HistoryRules } from '../lib/case-space.js';
import { drawValues, valuesOf } from '../lib/distributions.js';
import { counts, type Flat } from '../lib/flat.js';
import { drawProductionLength } from '../lib/production-sizes.js';
import { chance, weighted } from '../lib/random.js';
import { drawParameters } from '../mask/draw-parameters.js';
import { namedMask } from '../mask/parameters.js';
import { maskWeights } from '../mask/rules.js';
import { changesOf, changeTables } from '../options/changes.js';
import { drawOptions, optionsOf } from '../options/options.js';

const FEW = 3;

/** Draws a flat case with a history; saturation corrects impossible operations. */
export function drawHistory(
  random: Random,
  space: CaseSpace,
  { forced, caches, appendsOnly, dims }: HistoryRules,
  flat: Record<string, number>,
): Flat {
  flat.cached = forced ? 0 : 1;
  const { compilesPer } = space.capabilities;
  if (flat.production > 0) drawProductionDims(random, space, dims, false, flat, ['hk', 'g', 'd', 'e']);
  else drawDims(random, space, true, flat);
  flat.b = flat.m = flat.n = 1;
  flat.cache = random.nextInt(0, caches.length - 1);
  const { page, masks } = caches[flat.cache];
  flat.mask0 = weighted(
    random,
    maskWeights(masks, ({ name }) => (name === 'causal' ? 2 : 1)),
  );
  drawParameters(random, masks[flat.mask0], 0, flat);
  const costly = compilesPer.includes('m') || compilesPer.includes('n');
  flat.operations = appendsOnly ? random.nextInt(2, costly ? FEW : 5) : random.nextInt(2, counts.operations);
  for (let i = 0; i < flat.operations; i++) flat[`tokens${i}`] = costly ? space.pool.lengths[0] : drawTokenCount(random, page);
  if (flat.production > 0 && !costly) flat[`tokens${random.nextInt(0, flat.operations - 1)}`] = drawProductionLength(random);
  drawOperations(random, flat);
  if (space.request.needs.changes) {
    changeTables(space.changes, flat);
    if (flat.production === 0 && !costly && chance(random, 4, 5)) drawSeveralLengths(random, page, flat);
  }
  drawOptions(random, space.options, flat);
  drawValues(random, space.distributions, !appendsOnly && chance(random, 1, 6) ? 'poison' : undefined, flat);
  return flat;
}

/** Most multiply-adds of one call; all its rows are judged. */
function workOfCall({ work, production }: DimRules, flat: Flat): number {
  return flat.production > 0 && production ? Math.min(production.work, production.judged) : work;
}

/** Case of the last call of a flat case's history. */
export function historyCase(space: CaseSpace, rules: HistoryRules, flat: Flat): Case {
  const { request, capabilities, dialect } = space;
  const { page, masks } = rules.caches[Math.min(flat.cache, rules.caches.length - 1)];
  const { bias: _, ...options } = optionsOf(space.options, flat);
  const rest = space.dims.sizes(rules.dims, flat, options);
  const { limits } = capabilities;
  const history = operationsOf(flat, { page, appendsOnly: rules.appendsOnly, limits, dims: rest, work: workOfCall(rules.dims, flat) });
  const dims = { ...rest, ...sizesOf(play(history)) };
  const maskIn = (other: Flat) => namedMask(masks[Math.min(flat.mask0, masks.length - 1)], other, 0, dims);
  const c: HistoryCase = {
    operator: request.operator,
    dims,
    mask: maskIn(flat),
    options,
    dtype: request.dtype,
    layout: space.layouts[0],
    history,
    values: valuesOf(space.distributions, flat),
    ...(dialect && { dialect }),
  };
  // calls on a cache have no backward pass
  const changes = space.changes.map((rule) => (rule.kind === 'cotangent' ? undefined : rule));
  const transform = changesOf(changes, flat, c, (other) => ({ mask: maskIn(other) }));
  if (transform.length > 0) c.values.transform = transform;
  return c;
}
