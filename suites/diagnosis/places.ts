import { axesOf, flatAxesOf } from '../../spec/operator/facts.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import type { Places } from '../contract/diagnosis.js';
import { type Comparand, unravel } from '../judging/compared.js';
import { wrongElements } from './hints/fits.js';

const LEAST = 4;

/** Text like `with … the wrong elements of o are those of every 16th query (15, 31, 47, …)`. */
export function placesOf(c: Comparand, { dims }: Case, operator: Operator): Places | undefined {
  const { shape } = c.expected;
  const axes = flatAxesOf(axesOf(operator, c.output) ?? []);
  if (c.judged || axes.length !== shape.length) return undefined;
  return placesInCommon(`the wrong elements of ${c.output}`, indexesOf(wrongElements(c), shape), { dims, axes, shape });
}

function* indexesOf(elements: Iterable<number>, shape: readonly number[]): Generator<number[]> {
  for (const flat of elements) yield unravel(flat, shape);
}

interface Extent {
  readonly dims: Case['dims'];
  readonly axes: readonly string[];
  readonly shape: readonly number[];
}

/** Describes a pattern of indexes, named by a noun. */
export function placesInCommon(what: string, indexes: Iterable<readonly number[]>, { dims, axes, shape }: Extent): Places | undefined {
  const met = shape.map(() => new Set<number>());
  let wrong = 0;
  for (const index of indexes) {
    wrong++;
    for (const [axis, at] of index.entries()) met[axis].add(at);
  }
  if (wrong < LEAST) return undefined;
  const parts = met.flatMap((places, axis) => {
    const sorted = [...places].sort((x, y) => x - y);
    return sorted.length === shape[axis] ? [] : (partOf(sorted, shape[axis], axes[axis]) ?? []);
  });
  if (parts.length === 0) return undefined;
  const all = met.reduce((product, { size }) => product * size, 1);
  const those = wrong === all ? 'those' : 'among those';
  const sizes = Object.entries(dims).map(([axis, size]) => `${axis}=${size}`);
  return { wrong, text: `with ${sizes.join(' ')} ${what} are ${those} of ${parts.join(' and of ')}` };
}

/** Singular and plural name of an axis's elements. */
export function namesOf(axis: string): [one: string, several: string] {
  const names: Readonly<Record<string, [string, string]>> = {
    b: ['batch entry', 'batch entries'],
    h: ['head', 'heads'],
    hk: ['key head', 'key heads'],
    m: ['query', 'queries'],
    n: ['key', 'keys'],
    d: ['channel', 'channels'],
    e: ['channel', 'channels'],
  };
  return names[axis] ?? [`${axis} index`, `${axis} indices`];
}

/** Text like "every 16th key (15, 31, 47, …)"; undefined without a pattern. */
export function partOf(places: readonly number[], size: number, axis: string): string | undefined {
  const [one, several] = namesOf(axis);
  const runs = runsOf(places);
  const [[first, end]] = runs;
  if (places.length === 1) return `${one} ${first} of ${size}`;
  if (runs.length === 1) {
    if (first === 0) return `the first ${end} of ${size} ${several}`;
    return end === size
      ? `the last ${size - first} of ${size} ${several}, from ${first} on`
      : `${several} ${first} to ${end - 1} of ${size}`;
  }
  const period = periodOf(runs, size);
  if (period !== undefined) {
    const length = end - first;
    const some = runs.slice(0, 3).map(([from, to]) => (to - from === 1 ? String(from) : `${from} to ${to - 1}`));
    const which = length === 1 ? `every ${ordinal(period)} ${one}` : `${length} of every ${period} ${several}`;
    return `${which} (${some.join(', ')}${runs.length > some.length ? ', …' : ''})`;
  }
  return places.length <= LEAST ? `${several} ${places.slice(0, -1).join(', ')} and ${places.at(-1)} of ${size}` : undefined;
}

function runsOf(places: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const place of places) {
    const last = runs.at(-1);
    if (last?.[1] === place) last[1]++;
    else runs.push([place, place + 1]);
  }
  return runs;
}

/** Period of equal runs that span the axis, where the last may be cut off; undefined otherwise. */
function periodOf(runs: readonly (readonly [number, number])[], size: number): number | undefined {
  const [[first, end], [second]] = runs;
  const period = second - first;
  const isRun = ([from, to]: readonly [number, number], x: number) =>
    from === first + x * period && (to - from === end - first || (to === size && to - from < end - first));
  if (runs.length < 3 || first >= period || !runs.every(isRun)) return undefined;
  return first + runs.length * period >= size ? period : undefined;
}

function ordinal(x: number): string {
  const words: Readonly<Record<number, string>> = { 2: 'second', 3: 'third' };
  const tens = x % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][x % 10] ?? 'th');
  return words[x] ?? `${x}${ending}`;
}
