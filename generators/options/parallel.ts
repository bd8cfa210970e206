import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { queryAxisOf } from '../../spec/operator/facts.js';
import { caseScalarsOf } from '../../spec/scheme/case-scalars.js';
import { unmetNeed, worldOf } from '../../spec/scheme/world.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Operator, Parallel, Scheme } from '../../spec/types/documents.js';
import type { ParallelRules } from '../lib/case-space.js';
import type { Flat } from '../lib/flat.js';
import type { DrawRequest } from '../lib/needs.js';
import type { Part } from '../lib/part.js';
import { weighted } from '../lib/random.js';
import { Undrawable } from '../lib/undrawable.js';

const anyRanks = [1, 2, 3, 4, 5, 6, 7, 8];

/** Rules for a scheme's cases. @throws {Undrawable} if it is unknown or lacks the property. */
export function parallelRules(
  library: SpecLibrary,
  { schemes }: Pick<FullCapabilities, 'schemes'>,
  { operator, scheme: name, needs, ranks, transport }: DrawRequest,
): ParallelRules | undefined {
  if (name === undefined) return undefined;
  const scheme = library.schemes.get(name);
  if (!scheme) throw new Undrawable(`there is no scheme "${name}"`);
  if (needs.balanced && Object.keys(scheme.balance).length === 0) throw new Undrawable('its document declares no balance');
  if (needs.unmet && excludesNothing(scheme, library.operators.get(operator))) {
    throw new Undrawable('its needs exclude nothing');
  }
  const tied = (scheme.queries ?? 'sharded') === 'sharded' && !needs.unmet;
  const own = schemes?.[name];
  if (!own) return { scheme, tied, ranks: ranks ?? anyRanks, transport };
  const worlds = own.worlds.filter((world) => ranks?.includes(world) ?? true);
  if (worlds.length === 0) throw new Undrawable(`it only runs on ${own.worlds.join(', ')} ranks`);
  return { scheme, tied, ranks: worlds, transport: 'own' };
}

/** True if the scheme accepts every case. Queries that are the keys' tokens meet its needs. */
function excludesNothing(scheme: Scheme, operator: Operator | undefined): boolean {
  const takesEvery =
    scheme.masks === 'any' || (Array.isArray(operator?.masks) && operator.masks.every((mask) => scheme.masks.includes(mask)));
  const mayDiffer = scheme.queries === undefined && (operator && queryAxisOf(operator)) !== 'n';
  return scheme.needs.length === 0 && takesEvery && scheme.uneven !== 'refuse' && !mayDiffer;
}

/** Ranks of a scheme, and the order of their messages. */
export const parallel: Part = {
  fields: { count: [['ranks', 1]], last: [['schedule', 0]] },
  isDrawn: (space) => space.parallel !== undefined,
  draw(random, _, flat) {
    // mostly three ranks or more: between two, messages in the wrong direction arrive all the same
    flat.ranks = weighted(random, [0, 8, 18, 18, 20, 10, 10, 6, 10]);
    flat.schedule = random.nextInt(0, 255);
  },
  addTo(c, space, flat) {
    if (space.parallel) c.parallel = parallelOf(space.parallel, flat);
  },
  excludes: ({ library }, space, c) => space.parallel !== undefined && isNoneOfScheme(library, space.parallel, space.request, c),
};

function parallelOf({ scheme, ranks, transport }: ParallelRules, flat: Flat): Parallel {
  const allowed = [...ranks].sort((x, y) => x - y);
  const chosen = allowed[Math.min(allowed.length - 1, Math.floor(((flat.ranks - 1) * allowed.length) / anyRanks.length))];
  if (transport !== undefined && transport !== 'simulated') return { scheme: scheme.name, ranks: chosen, transport };
  return { scheme: scheme.name, ranks: chosen, ...(flat.schedule > 0 && { schedule: flat.schedule }) };
}

/** True if a case has padding, or wrongly meets or fails the scheme's needs, for this property. */
function isNoneOfScheme(library: SpecLibrary, { scheme }: ParallelRules, { needs }: DrawRequest, c: Case): boolean {
  const world = worldOf(scheme, c.dims, c.parallel?.ranks ?? 1, false, caseScalarsOf(library, c), c.mask);
  if ((unmetNeed(world, c.mask) !== undefined) !== (needs.unmet === true)) return true;
  return needs.balanced === true && world.padded !== world.tokens;
}
