import type { Claims } from '../spec/claims/claims.js';
import { tiedTo, withSizes } from '../spec/operator/axes.js';
import { axesOf, flatAxesOf, inputsOf, queryAxisOf } from '../spec/operator/facts.js';
import type { Expectation } from '../spec/problem.js';
import type { Case, Dims, Operator, TokenRun } from '../spec/types/documents.js';
import { decoded, type StoredInput, slice, store } from './values/stored-input.js';
import { isTokenRun, transformOf } from './values/transform.js';

/** Run of a case that computes some tokens of a longer one; undefined for any other case. */
export function tokenRunOf({ values }: Case): TokenRun | undefined {
  return transformOf(values).find(isTokenRun);
}

/** Case of the tokens [from, to), beginning with the states after the earlier tokens. */
export function withTokens(c: Case, operator: Operator, run: Omit<TokenRun, 'from' | 'of'>, from: number, to: number): Case {
  const states = from === 0 ? [] : Object.keys(run.states).map((name) => [name, true] as const);
  return {
    ...c,
    dims: sizesOf(c, operator, run, to - from),
    options: { ...c.options, ...Object.fromEntries(states) },
    values: { ...c.values, transform: [...(c.values.transform ?? []), { ...run, from, of: c.dims[run.run] }] },
  };
}

/** Case of all tokens of the sequence that a run is part of. */
export function wholeOfRun(c: Case, operator: Operator, run: TokenRun): Case {
  const transform = transformOf(c.values).filter((change) => !isTokenRun(change));
  const options = Object.fromEntries(Object.entries(c.options).filter(([name]) => !Object.hasOwn(run.states, name)));
  return { ...c, dims: sizesOf(c, operator, run, run.of), options, values: { ...c.values, transform } };
}

function sizesOf(c: Case, operator: Operator, { run: axis }: Pick<TokenRun, 'run'>, size: number): Dims {
  return withSizes(operator, c, axis === 'n' && queryAxisOf(operator) === 'n' ? ['n', 'm'] : [axis], size);
}

/** Cuts a run's inputs from the whole case's, and adds its initial states, with exact values. */
export function tokenRunInputs(
  { library }: Claims,
  c: Case,
  run: TokenRun,
  all: Record<string, StoredInput>,
  outputsOf: (earlier: Case) => Expectation['outputs'],
): Record<string, StoredInput> {
  const operator = library.operators.get(c.operator) as Operator;
  const tokens = [run.from, run.from + c.dims[run.run]] as const;
  const axes = tiedTo(operator, [run.run]);
  const inputs: Record<string, StoredInput> = {};
  for (const [name, input] of Object.entries(all)) {
    const places = flatAxesOf(axesOf(operator, name) ?? []).flatMap((axis, place) => (axes.includes(axis) ? [place] : []));
    inputs[name] = places.reduce((part, place) => slice(part, place, tokens), input);
  }
  if (run.from === 0) return inputs;
  const before = outputsOf(withTokens(wholeOfRun(c, operator, run), operator, run, 0, run.from));
  for (const [name, output] of Object.entries(run.states)) {
    const { shape, value, bound } = before[output];
    const stored = store(c, name, shape, Float64Array.from(value), inputsOf(operator)[name]);
    const rounded = decoded(stored);
    // in float64 the oracle itself may be off by as much as an implementation
    const own = c.dtype === 'f64' ? bound : undefined;
    inputs[name] = { ...stored, exact: { value, bound: value.map((x, i) => Math.abs(x - rounded[i]) + (own?.[i] ?? 0)) } };
  }
  return inputs;
}
