import type { Loop, Operator, Term } from '../types/documents.js';
import { declaredAxes, hasOutput, inputsOf, listedMasks, optionalConditions, optionalNames, queryAxisOf, requiredInputs } from './facts.js';
import { isLoop, plainStatements, resultsOf } from './loops.js';
import { cachedInputs, queryInputs } from './token-inputs.js';

/** Tokens beside a query and its visible keys that may affect a term. */
interface Reach {
  readonly keys: boolean;
  /** Zero or false at every masked (query, key) pair. */
  readonly masked: boolean;
  readonly hidden: boolean;
  readonly queries: boolean;
  /** Depends on a token's position or the number of tokens. */
  readonly places: boolean;
}

const nothing: Reach = { keys: false, masked: false, hidden: false, queries: false, places: false };

function join(parts: readonly Reach[], masked = false): Reach {
  return {
    keys: parts.some((p) => p.keys),
    masked,
    hidden: parts.some((p) => p.hidden),
    queries: parts.some((p) => p.queries),
    places: parts.some((p) => p.places),
  };
}

/** Tells if the contents of keys and values that no query sees affect no output. */
export function ignoresHiddenKeys(operator: Operator): boolean {
  const all = outputsReach(operator, () => true);
  const plain = outputsReach(operator, () => false);
  return !all.hidden && !plain.hidden;
}

/**
 * Tells if a query depends on its visible keys alone, at any position, so that keys may be split,
 * documents packed, and a cache kept.
 * @param given tells if an optional name is present.
 */
export function isOfVisibleKeysAlone(operator: Operator, given: (name: string) => boolean = () => false): boolean {
  const { hidden, queries, places } = outputsReach(operator, given);
  return !hidden && !queries && !places;
}

/** Optional inputs, and options without a default, that depend on token positions. */
export function positionalOptions(operator: Operator): string[] {
  return optionalNames(operator).filter((name) => outputsReach(operator, (other) => other === name).places);
}

/** Tells if packed documents are independent because their mask separates them. */
export function packsDocuments(operator: Operator): boolean {
  return listedMasks(operator) === undefined && queryAxisOf(operator) === 'm' && isOfVisibleKeysAlone(operator);
}

/** Tells if a cache can hold all token inputs except the queries. */
export function keepsCache(operator: Operator): boolean {
  const cached = cachedInputs(operator);
  const known = [...cached, ...queryInputs(operator)];
  const declared = declaredAxes(operator);
  const others = requiredInputs(operator).filter((name) => !known.includes(name));
  const isOfTokens = (axes: readonly string[]) => ['b', 'm', 'n'].some((axis) => axes.includes(axis));
  // calls on a cache omit a bias [m, n]; an optional input per key would need a cache
  const keyed = Object.values(inputsOf(operator)).some(({ axes, optional }) => optional && axes.includes('n') && !axes.includes('m'));
  return cached.length > 0 && !keyed && !others.some((name) => isOfTokens(declared[name])) && packsDocuments(operator);
}

/** Tells if `o` is softmax times values and `lse` its logsumexp, so that parts merge by LSE. */
export function mergesByLse(operator: Operator): boolean {
  const statements = new Map(plainStatements(operator.program));
  const resolved = (term: Term | undefined): unknown[] => {
    const found = typeof term === 'string' ? statements.get(term) : term;
    return Array.isArray(found) ? found : [];
  };
  const o = resolved('o');
  const lse = resolved('lse');
  const p = resolved(o[1] as Term);
  const ofVisible = (term: unknown[]) => (term[3] as { where?: string } | undefined)?.where === 'mask' && term[2] === 'n';
  return (
    hasOutput(operator, 'lse') &&
    o[0] === 'dot' &&
    o.length === 4 &&
    o[3] === 'n' &&
    p[0] === 'softmax' &&
    lse[0] === 'logsumexp' &&
    ofVisible(p) &&
    ofVisible(lse) &&
    JSON.stringify(p[1]) === JSON.stringify(lse[1]) &&
    isOfVisibleKeysAlone(operator)
  );
}

function outputsReach(operator: Operator, given: (name: string) => boolean): Reach {
  const known = new Map<string, Reach>();
  known.set('mask', { ...nothing, masked: true });
  for (const [name, axes] of Object.entries(declaredAxes(operator))) known.set(name, { ...nothing, keys: axes.includes('n') });
  const conditions = new Set(optionalConditions(operator));
  const isThere = (condition: string) => condition === 'mask' || !conditions.has(condition) || given(bare(condition));
  for (const [name, term] of operator.program) {
    if (!isLoop(term)) known.set(name, reachOf(term, known, isThere));
    else for (const result of resultsOf([[name, term]])) known.set(result, reachOfLoop(term, known, isThere));
  }
  return join(Object.keys(operator.outputs).map((name) => known.get(name) ?? nothing));
}

/** Reach of every result of a loop: joins all its statements, and runs across a fold's axis. */
function reachOfLoop(loop: Loop, around: ReadonlyMap<string, Reach>, isThere: (condition: string) => boolean): Reach {
  const known = new Map(around);
  const statements = plainStatements([['loop', loop]]);
  let reach = loop[0] === 'repeat' ? reachOf(loop[1] as Term, known, isThere) : nothing;
  // the second pass includes the reach of the states
  for (let time = 0; time < 2; time++) {
    for (const [name, term] of statements) known.set(name, join([reachOf(term, known, isThere), reach]));
    reach = join([reach, ...statements.map(([name]) => known.get(name) ?? nothing)]);
  }
  return across(reach, loop[0] === 'fold' ? (loop[1] as Term) : 0);
}

function bare(name: string): string {
  return name.replace(/^\$/, '');
}

function reachOf(term: Term, known: ReadonlyMap<string, Reach>, isThere: (condition: string) => boolean): Reach {
  if (typeof term === 'string') return term === '#n' || term === '#m' ? { ...nothing, places: true } : (known.get(term) ?? nothing);
  if (!Array.isArray(term)) return nothing;
  const [name, ...rest] = term as Term[];
  const of = (place: number) => reachOf(rest[place], known, isThere);
  const attributes = rest.at(-1);
  const where = typeof attributes === 'object' && !Array.isArray(attributes) ? (attributes as Record<string, unknown>).where : undefined;
  const kept = (typeof where === 'string' ? known.get(where) : undefined) ?? nothing;
  switch (name) {
    case 'when':
      return of(isThere(rest[0] as string) ? 1 : 2);
    case 'index':
    case 'position':
    case 'predicate':
      return { ...nothing, places: true, keys: rest.includes('n') };
    case 'scale':
      return join([of(0), of(1)], of(1).masked);
    case 'mul':
      return join([of(0), of(1)], of(0).masked || of(1).masked);
    case 'div':
      return join([of(0), of(1)], of(0).masked);
    case 'add':
    case 'sub':
      return join([of(0), of(1)], isMasked(rest[0], of(0)) && isMasked(rest[1], of(1)));
    case 'where': {
      const first = of(0).masked || isMasked(rest[1], of(1));
      return join([of(0), of(1), of(2)], first && isMasked(rest[2], of(2)));
    }
    case 'and':
      return join([of(0), of(1)], of(0).masked || of(1).masked);
    case 'or':
      return join([of(0), of(1)], of(0).masked && of(1).masked);
    case 'tanh':
    case 'expand':
    case 'stop':
    case 'sin':
    case 'erf':
    case 'sqrt':
    case 'round':
    case 'floor':
      return of(0);
    case 'rename':
      return renamed(of(0), rest[1], rest[2]);
    case 'dot':
      return contracted(join([of(0), of(1)], of(0).masked || of(1).masked), rest.slice(2));
    case 'sum':
      return contracted(of(0), rest.slice(1));
    case 'softmax':
      return normalised(join([of(0), kept]), rest[1], kept.masked);
    case 'logsumexp':
    case 'max':
      return { ...normalised(join([of(0), kept]), rest[1], kept.masked), masked: false, keys: rest[1] === 'n' ? false : of(0).keys };
    case 'cumsum':
    case 'topk':
      return across(join([of(0), kept]), rest[1]);
    case 'rotate':
    case 'slice':
    case 'part':
    case 'place':
    case 'split':
    case 'join':
    case 'window':
    case 'overlap':
      return moved(of(0), rest.slice(1));
    case 'concat':
    case 'gather':
    case 'scatter':
      return moved(join([of(0), of(name === 'gather' ? 2 : 1)], of(0).masked && (name !== 'concat' || of(1).masked)), rest.slice(1));
    default:
      return join(rest.map((_, place) => of(place)));
  }
}

function isMasked(term: Term, reach: Reach): boolean {
  return term === 0 || reach.masked;
}

/** Sum along axes; over keys, masked terms add zero. */
function contracted(x: Reach, axes: readonly Term[]): Reach {
  const overKeys = axes.includes('n');
  return {
    ...x,
    keys: x.keys && !overKeys,
    masked: x.masked && !overKeys,
    hidden: x.hidden || (overKeys && x.keys && !x.masked),
    queries: x.queries || axes.includes('m'),
    places: x.places || (overKeys && !x.masked),
  };
}

function normalised(x: Reach, axis: Term, masked: boolean): Reach {
  if (axis === 'n') return { ...x, keys: true, masked, hidden: x.hidden || (!masked && x.keys), places: x.places || !masked };
  return { ...x, masked: false, queries: x.queries || axis === 'm' };
}

/** Moved elements: across tokens if an axis is m or n. */
function moved(x: Reach, operands: readonly Term[]): Reach {
  return ['n', 'm'].reduce((found, axis) => (operands.includes(axis) ? across(found, axis) : found), x);
}

/** Renamed axis: a query's or key's element reaches all others. */
function renamed(x: Reach, from: Term, to: Term): Reach {
  const isOfTokens = [from, to].some((axis) => axis === 'm' || axis === 'n');
  if (!isOfTokens) return x;
  const hidden = x.hidden || (from === 'n' && x.keys);
  return { keys: to === 'n' || (x.keys && from !== 'n'), masked: false, hidden, queries: x.queries || from === 'm', places: true };
}

/** Running sum or selection along an axis. */
function across(x: Reach, axis: Term): Reach {
  if (axis === 'n') return { ...x, masked: false, hidden: x.hidden || x.keys, places: true };
  return { ...x, masked: false, queries: x.queries || axis === 'm', places: x.places || axis === 'm' };
}
