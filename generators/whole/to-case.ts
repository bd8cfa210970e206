import type { Case } from '../../spec/types/documents.js';
import { rowsOf } from '../dims/dims.js';
import { cheaper } from '../dims/targeted.js';
import type { CaseSpace } from '../lib/case-space.js';
import { valuesOf } from '../lib/distributions.js';
import type { Flat } from '../lib/flat.js';
import type { DrawRequest } from '../lib/needs.js';
import { composed, maskAt } from '../mask/composed.js';
import { namedMask } from '../mask/parameters.js';
import { changesOf } from '../options/changes.js';
import { optionsOf } from '../options/options.js';
import { historyCase } from './history-case.js';
import { longPagesOf } from './long-pages.js';
import { packedCase } from './packed-case.js';
import { parts } from './parts.js';

/** Case of a flat case: a pure function, which saturates every value out of range. */
export function toCase(space: CaseSpace, flat: Flat): Case {
  let c = caseOf(space, flat);
  let sizes = flat;
  search: while (space.longFit && !space.longFit(c)) {
    for (const changes of cheaper(c.dims, flat.n, isFixedLength(space.request))) {
      const candidate = { ...sizes, ...changes };
      const smaller = caseOf(space, candidate);
      if (!isCheaper(smaller, c)) continue;
      [c, sizes] = [smaller, candidate];
      continue search;
    }
    break;
  }
  return c;
}

/** True if the length was requested or belongs to a scheme, and must stay. */
function isFixedLength({ tokens, scheme }: DrawRequest): boolean {
  return tokens !== undefined || scheme !== undefined;
}

function isCheaper({ dims: x }: Case, { dims: y }: Case): boolean {
  return x.b * x.hk * x.g * x.m * x.n * (x.d + x.e) < y.b * y.hk * y.g * y.m * y.n * (y.d + y.e);
}

function caseOf(space: CaseSpace, flat: Flat): Case {
  const { request, dialect } = space;
  if (space.packed && (space.packed.forced || flat.packed > 0)) return packedCase(space, space.packed, flat);
  if (space.history && (space.history.forced || flat.cached > 0)) return historyCase(space, space.history, flat);
  const { needs, dtype, operator } = request;
  const { rules, dense, composition } = composed(space, flat);
  const options = optionsOf(space.options, flat);
  const dims = space.dims.sizes(rules, flat, options, dense);
  const maskIn = (other: Flat) => (place: number) => namedMask(maskAt(space, flat, place), other, place, dims);
  const layout = space.layouts[Math.min(flat.layout, space.layouts.length - 1)];
  const c: Case = {
    operator,
    dims,
    mask: composition.build(maskIn(flat)),
    options,
    dtype,
    layout,
    values: { ...valuesOf(space.distributions, flat), ...rowsOf(request, rules, dims, flat) },
  };
  if (dialect) c.dialect = dialect;
  for (const part of parts) if (part.isDrawn(space)) part.addTo(c, space, flat);
  if (needs.targeted) {
    const history = longPagesOf(space, space.operator, flat, maskAt(space, flat, composition.uses[0]), c);
    if (history) c.history = history;
  }
  const byName = composition.alone && maskAt(space, flat, composition.uses[0]).named;
  const transform = changesOf(space.changes, flat, c, byName ? (other) => ({ mask: composition.build(maskIn(other)) }) : undefined);
  if (transform.length > 0) c.values.transform = transform;
  return c;
}
