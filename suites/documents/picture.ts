import { problemOf } from '../../generators/problem.js';
import { flatAxesOf, inputsOf, queryAxisOf } from '../../spec/operator/facts.js';
import { isLoop } from '../../spec/operator/loops.js';
import type { Problem } from '../../spec/problem.js';
import type { Node } from '../../spec/program/graph.js';
import { interpret } from '../../spec/program/interpret.js';
import { problemInputs } from '../../spec/program/problem-inputs.js';
import { buildFor, evaluateProgram } from '../../spec/program/run.js';
import { arrange, elements } from '../../spec/program/tensor.js';
import { visibility } from '../../spec/program/visibility.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import { placeAlong, sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, Mask, Operator, Term } from '../../spec/types/documents.js';
import { claimsOfDocument } from './drawn-problems.js';
import { withLikeTokens } from './like-tokens.js';
import { smallCase } from './small-case.js';

/** Factors that a program multiplies the values with and sums over the keys. */
interface Weights {
  /** Names in the program; undefined for a nameless term. */
  readonly weights?: string;
  readonly values?: string;
  /** [m, n]. */
  readonly cells: Float64Array;
}

const added = ['left of dot', 'right of dot'] as const;

/** Weights for `valueInput`, or else for any input with keys, in a problem with one head; undefined unless exactly one term fits. */
function weightsOf(problem: Problem, valueInput: string): Weights | undefined {
  if (queryAxisOf(problem.operator) === 'n') return undefined;
  // the values of a quantised cache are codes, without a gradient
  const known = Object.entries(inputsOf(problem.operator)).filter(([name]) => problem.inputs[name]);
  const withKeys = known.flatMap(([name, { axes }]) => (axes.includes('n') ? [name] : []));
  const values = withKeys.includes(valueInput) ? [valueInput] : withKeys;
  const found = contractions(problem.operator).flatMap((terms) =>
    values.flatMap((input) => weightsAmong(problem, terms, input) ?? []).slice(0, 1),
  );
  return found.length === 1 ? found[0] : undefined;
}

function contractions({ program }: Operator): [Term, Term][] {
  const used = new Set(['o']);
  const found = new Map<string, [Term, Term]>();
  const visit = (term: Term): void => {
    if (typeof term === 'string') used.add(term);
    if (!Array.isArray(term)) return;
    if (term[0] === 'dot' && term.slice(3).join() === 'n') found.set(JSON.stringify(term), [term[1] as Term, term[2] as Term]);
    for (const part of term.slice(1)) visit(part as Term);
  };
  // statements inside a loop have no name outside
  for (const [name, term] of program.toReversed()) if (used.has(name) && !isLoop(term)) visit(term);
  return [...found.values()];
}

function weightsAmong(problem: Problem, terms: [Term, Term], valueInput: string): Weights | undefined {
  const operator = { ...problem.operator, ...withOutputs(problem.operator, terms) };
  const { mask } = visibility(problem);
  const inputs = { ...problemInputs(problem), ...(mask && { mask }), gradients: false };
  const { outputs } = buildFor(operator, inputs);
  const nodes = added.map((name) => outputs.get(name) as Node);
  const { m, n } = inputs.sizes;
  const isWeights = (node: Node) =>
    node.kind === 'apply' && ['m', 'n'].every((axis) => node.type.axes.includes(axis)) && elements(node.type.axes, inputs.sizes) === m * n;
  const at = nodes.findIndex((node, place) => {
    const other = nodes[1 - place];
    return isWeights(node) && dependsOn(other, valueInput) && (!dependsOn(node, valueInput) || !other.type.axes.includes('m'));
  });
  if (at < 0) return undefined;
  const tensor = evaluateProgram(operator, inputs)[added[at]];
  const others = tensor.axes.filter((axis) => axis !== 'm' && axis !== 'n');
  const [weights, values] = [terms[at], terms[1 - at]].map((term) => (typeof term === 'string' ? term : undefined));
  return { weights, values, cells: arrange(tensor, [...others, 'm', 'n'], inputs.sizes).value };
}

function withOutputs({ program }: Operator, terms: [Term, Term]): Pick<Operator, 'program' | 'outputs'> {
  return {
    program: [...program, [added[0], terms[0]], [added[1], terms[1]]],
    outputs: { [added[0]]: [], [added[1]]: [] },
  };
}

function dependsOn(node: Node, input: string): boolean {
  const seen = new Set<Node>();
  const visit = (at: Node): boolean => {
    if (seen.has(at)) return false;
    seen.add(at);
    return at.kind === 'input' ? at.name === input : at.kind === 'apply' && Object.values(at.operands).some(visit);
  };
  return visit(node);
}

/** Input shown in a picture: v, or the largest with keys and a gradient; undefined without one. */
function valueInputOf({ operator, inputs }: Problem): string | undefined {
  const known = Object.entries(inputsOf(operator)).filter(([name, { gradient }]) => gradient && inputs[name]);
  const withKeys = known.filter(([, { axes }]) => axes.includes('n'));
  const sizes = (withKeys.length > 0 ? withKeys : known).map(([name]) => ({ name, size: sizeOf(inputs[name].shape) }));
  const largest = sizes.reduce<(typeof sizes)[number] | undefined>(
    (best, next) => (best && best.size >= next.size ? best : next),
    undefined,
  );
  return sizes.some(({ name }) => name === 'v') ? 'v' : largest?.name;
}

/** |∂o_i/∂x_j| over all channels, [m, n], by a gradient per element of o. @param input x. */
function influenceOf(problem: Problem, input: string): Float64Array {
  const { operator } = problem;
  const { shape } = interpret(problem, false).outputs.o;
  const rowOf = placeOf(flatAxesOf(operator.outputs.o), shape, queryAxisOf(operator));
  const columnOf = placeOf(flatAxesOf(inputsOf(operator)[input].axes), problem.inputs[input].shape, 'n');
  const { m, n } = problem.case.dims;
  const squares = new Float64Array(m * n);
  for (let at = 0; at < sizeOf(shape); at++) {
    const data = new Float64Array(sizeOf(shape));
    data[at] = 1;
    const gradients = interpret({ ...problem, inputs: { ...problem.inputs, do: { shape, data } } }, true).outputs;
    const { value } = gradients[`d${input}`];
    for (let x = 0; x < value.length; x++) squares[rowOf(at) * n + columnOf(x)] += value[x] ** 2;
  }
  return squares.map(Math.sqrt);
}

function hasBothAxes(operator: Operator, input: string): boolean {
  return inputsOf(operator)[input].axes.includes('n') && operator.outputs.o.includes(queryAxisOf(operator));
}

function placeOf(axes: readonly string[], shape: readonly number[], axis: string): (at: number) => number {
  const place = axes.indexOf(axis);
  return place < 0 ? () => 0 : placeAlong(shape, place);
}

/** Weight or influence of each key on each query of a small case. */
export interface OperatorPicture {
  readonly case: Case;
  /** Text like "weights p of v". */
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  /** Roots of magnitudes within [0, 1], row by row: a weight of a hundredth is still seen. */
  readonly cells: Float64Array;
  /** Magnitude drawn as 1. */
  readonly largest: number;
}

export interface PictureWishes {
  readonly mask: Mask;
  /** Number of queries and of keys. */
  readonly tokens: number;
  /** Shows the influence even if the program has weights. */
  readonly influence?: boolean;
}

/** Weights of the values, else influences; undefined if the program has none and no gradient goes from a query to a key. */
export function operatorPicture(library: SpecLibrary, operator: Operator, wishes: PictureWishes): OperatorPicture | undefined {
  const c = smallCase(operator, wishes.mask, wishes.tokens);
  const problem = withLikeTokens(problemOf(claimsOfDocument(library, operator), c));
  const input = valueInputOf(problem);
  if (input === undefined) return undefined;
  const found = wishes.influence ? undefined : weightsOf(problem, input);
  if (!found && !hasBothAxes(operator, input)) return undefined;
  const title = found ? ['weights', found.weights, 'of', found.values ?? 'the values'].filter(Boolean).join(' ') : `|∂o_i/∂${input}_j|`;
  return { case: c, title, rows: c.dims.m, columns: c.dims.n, ...scaled(found?.cells ?? influenceOf(problem, input)) };
}

/** Shades magnitudes by the root of their share of the largest; NaN, e.g. of 0/0, becomes 0. */
function scaled(values: Float64Array): Pick<OperatorPicture, 'cells' | 'largest'> {
  const magnitudes = values.map((x) => (Number.isFinite(x) ? Math.abs(x) : 0));
  const largest = Math.max(...magnitudes);
  return { cells: magnitudes.map((x) => (largest > 0 ? Math.sqrt(x / largest) : 0)), largest };
}
