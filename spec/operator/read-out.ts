import { erf } from '../numeric/erf.js';
import type { Case, Operator, Term } from '../types/documents.js';
import { declaredAxes, inputsOf, requiredInputs } from './facts.js';
import { lawsWith } from './laws.js';
import { isLoop } from './loops.js';

/** Value of a term for q = 0: a number, weights over visible keys, weighted values, or unknown. */
type Folded =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'weights' | 'output'; readonly equal: boolean }
  | { readonly kind: 'values' | 'open' };

const open: Folded = { kind: 'open' };
const number = (value: number): Folded => (Number.isFinite(value) ? { kind: 'number', value } : open);

/** Weights for q = 0 without options: `mean` if equal, `sum` if different, or undefined. */
export function weightsWithoutQueries(operator: Operator): 'mean' | 'sum' | undefined {
  const { q, v } = declaredAxes(operator);
  const isPlain = q?.slice(0, 4).join() === 'b,hk,g,m' && v?.join() === 'b,hk,n,e' && operator.outputs.o.join() === 'b,hk,g,m,e';
  if (!isPlain) return undefined;
  const known = new Map<string, Folded>(requiredInputs(operator).flatMap((name) => (name === 'q' || name === 'v' ? [] : [[name, open]])));
  for (const [name, term, attributes] of operator.program)
    known.set(name, attributes?.store === 'always' || isLoop(term) ? open : fold(term, known));
  const o = known.get('o') ?? open;
  return o.kind === 'output' ? (o.equal ? 'mean' : 'sum') : undefined;
}

/** Tells if a law makes each output row a weighted sum of v alone. @param isGiven by input. */
export function isLinearInValues(operator: Operator, isGiven: (input: string) => boolean): boolean {
  const inputs = inputsOf(operator);
  const { v } = inputs;
  const isPlain = v?.kind === 'number' && v.draw === 'normal' && v.axes.slice(-2).join() === 'n,e' && operator.outputs.o?.at(-1) === 'e';
  if (!isPlain) return false;
  const isAlone = (name: string) => name === 'v' || (inputs[name].optional && !isGiven(name));
  return lawsWith(operator, 'linear').some(({ linear, when }) => when === undefined && linear.includes('v') && linear.every(isAlone));
}

/** Rows of o per row of v: queries × query heads per key head; undefined if axes do not nest. */
export function rowsPerValues(operator: Operator, { dims }: Pick<Case, 'dims'>): number | undefined {
  const values = declaredAxes(operator).v ?? [];
  const { o = [] } = operator.outputs;
  const shared = values.length - 2;
  const isPlain = values.slice(-2).join() === 'n,e' && o.at(-1) === 'e' && o.slice(0, shared).join() === values.slice(0, shared).join();
  return isPlain ? o.slice(shared, -1).reduce((rows, axis) => rows * dims[axis], 1) : undefined;
}

function fold(term: Term, known: ReadonlyMap<string, Folded>): Folded {
  if (typeof term === 'number') return number(term);
  if (term === 'q') return number(0);
  if (term === 'v') return { kind: 'values' };
  if (typeof term === 'string') return known.get(term) ?? open;
  if (!Array.isArray(term)) return open;
  const [name, ...rest] = term as Term[];
  const of = (place: number) => fold(rest[place], known);
  switch (name) {
    case 'when':
      return fold(rest[rest[0] === 'mask' ? 1 : 2], known);
    case 'scale':
      return scaled(rest[0], of(1));
    case 'add':
    case 'sub':
      return both(of(0), of(1), name === 'add' ? (x, y) => x + y : (x, y) => x - y);
    case 'mul':
      return product(of(0), of(1));
    case 'div':
      return quotient(of(0), of(1));
    case 'exp':
    case 'tanh':
    case 'log':
    case 'sqrt':
    case 'sin':
    case 'cos':
      return mapped(of(0), Math[name]);
    case 'erf':
      return mapped(of(0), erf);
    case 'stop':
    case 'rename':
      return mapped(of(0), (x) => x);
    case 'elu1':
      return mapped(of(0), (x) => (x > 0 ? x + 1 : Math.exp(x)));
    case 'expand':
      return of(0);
    case 'sum':
      return isZero(of(0)) ? number(0) : open;
    case 'dot':
      return contraction(of(0), of(1), rest.slice(2));
    case 'softmax':
      return softmax(of(0), rest[1], rest[2], known);
    case 'where':
      return selection(rest[0], of(1), of(2));
    default:
      return open;
  }
}

function isZero(x: Folded): boolean {
  return x.kind === 'number' && x.value === 0;
}

function mapped(x: Folded, f: (x: number) => number): Folded {
  return x.kind === 'number' ? number(f(x.value)) : open;
}

function both(x: Folded, y: Folded, f: (x: number, y: number) => number): Folded {
  return x.kind === 'number' && y.kind === 'number' ? number(f(x.value, y.value)) : open;
}

/** An option is taken as nonzero. */
function scaled(c: Term, x: Folded): Folded {
  if (isZero(x)) return x;
  if (typeof c === 'number') return product(number(c), x);
  return x.kind === 'weights' || x.kind === 'output' ? { ...x, equal: false } : open;
}

function product(x: Folded, y: Folded): Folded {
  if (isZero(x) || isZero(y)) return number(0);
  if (x.kind !== 'number') return y.kind === 'number' ? product(y, x) : open;
  if (y.kind === 'number') return number(x.value * y.value);
  return y.kind === 'weights' || y.kind === 'output' ? { ...y, equal: y.equal && x.value === 1 } : open;
}

function quotient(x: Folded, y: Folded): Folded {
  if (y.kind !== 'number' || y.value === 0) return open;
  return product(number(1 / y.value), x);
}

function contraction(x: Folded, y: Folded, axes: readonly Term[]): Folded {
  if (isZero(x) || isZero(y)) return number(0);
  const weights = x.kind === 'weights' ? x : y.kind === 'weights' ? y : undefined;
  const hasValues = x.kind === 'values' || y.kind === 'values';
  return weights && hasValues && axes.length === 1 && axes[0] === 'n' ? { kind: 'output', equal: weights.equal } : open;
}

/** An optional sink is absent. */
function softmax(x: Folded, axis: Term, attributes: Term | undefined, known: ReadonlyMap<string, Folded>): Folded {
  const { where, sink } = (typeof attributes === 'object' && !Array.isArray(attributes) ? attributes : {}) as Record<string, unknown>;
  const hasSink = typeof sink === 'string' && known.has(sink);
  return x.kind === 'number' && axis === 'n' && where === 'mask' && !hasSink ? { kind: 'weights', equal: true } : open;
}

function selection(condition: Term, x: Folded, y: Folded): Folded {
  if (x.kind === 'number' && y.kind === 'number' && x.value === y.value) return x;
  return condition === 'mask' && x.kind === 'number' && isZero(y) ? { kind: 'weights', equal: false } : open;
}
