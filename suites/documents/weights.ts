import { queryAxisOf } from '../../spec/operator/facts.js';
import { isLoop } from '../../spec/operator/loops.js';
import type { Problem } from '../../spec/problem.js';
import type { Node } from '../../spec/program/graph.js';
import { problemInputs } from '../../spec/program/problem-inputs.js';
import { buildFor, evaluateProgram } from '../../spec/program/run.js';
import { arrange, elements } from '../../spec/program/tensor.js';
import { visibility } from '../../spec/program/visibility.js';
import type { Operator, Term } from '../../spec/types/documents.js';

/** Factors that a program multiplies the values with and sums over the keys. */
export interface Weights {
  /** Names in the program; undefined for a nameless term. */
  readonly weights?: string;
  readonly values?: string;
  /** [m, n]. */
  readonly cells: Float64Array;
}

const added = ['left of dot', 'right of dot'] as const;

/** Weights for `valueInput` in a problem with one head; undefined unless exactly one term fits. */
export function weightsOf(problem: Problem, valueInput: string): Weights | undefined {
  if (queryAxisOf(problem.operator) === 'n') return undefined;
  const found = contractions(problem.operator).flatMap((terms) => weightsAmong(problem, terms, valueInput) ?? []);
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
