import { decided } from '../numeric/decided.js';
import { type NumericProfile, narrowStore, probabilityStore, type Store } from '../numeric/profile.js';
import { roundAll, roundTo } from '../tensor/float-bits.js';
import type { DType } from '../types/documents.js';
import { CarriedErrors } from './carried/carried.js';
import type { ApplyNode, ConstantNode, Graph, Node } from './graph.js';
import { withForm } from './lib/reordered.js';
import { mayOverflow, withOverflow } from './overflow.js';
import type { Application, Evaluated, EvaluationContext, TensorType } from './primitive.js';
import { copyOf } from './scratch.js';
import { storedBounds, storedLeast, storedValues } from './store.js';
import type { ProgramTensor, SoftmaxAnalysis } from './tensor.js';

/** Evaluates roots, bounded or rounded; frees unused values. @param held known values. */
export function evaluateGraph(
  graph: Graph,
  roots: Iterable<Node>,
  inputs: Readonly<Record<string, ProgramTensor>>,
  context: EvaluationContext,
  held: ReadonlyMap<Node, ProgramTensor> = new Map(),
): Map<Node, ProgramTensor> {
  const wanted = new Set(roots);
  const uses = usesOf(graph, wanted, held);
  const values: (ProgramTensor | undefined)[] = new Array(graph.nodes.length).fill(undefined);
  const errors = context.rounding ? undefined : new CarriedErrors(graph);
  for (const node of graph.nodes) {
    const { id } = node;
    if (uses[id] === 0) continue;
    const known = held.get(node);
    if (known) values[id] = known;
    else if (node.kind === 'input') values[id] = inputs[node.name];
    else if (node.kind === 'constant') values[id] = constant(node, context);
    else {
      const operands: Record<string, ProgramTensor> = {};
      for (const name in node.operands) operands[name] = values[node.operands[name].id] as ProgramTensor;
      values[id] = apply(node, operands, context, errors);
      for (const name in node.operands) {
        const operand = node.operands[name].id;
        if (--uses[operand] === 0) values[operand] = undefined;
      }
    }
  }
  return new Map([...wanted].map((root) => [root, values[root.id] as ProgramTensor]));
}

/** Number of uses of each node's value, as an operand or root; 0 for unneeded nodes. */
function usesOf(graph: Graph, roots: ReadonlySet<Node>, held: ReadonlyMap<Node, ProgramTensor>): Int32Array {
  const uses = new Int32Array(graph.nodes.length);
  for (const root of roots) uses[root.id]++;
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (node.kind === 'apply' && uses[i] > 0 && !held.has(node)) for (const name in node.operands) uses[node.operands[name].id]++;
  }
  return uses;
}

/** Rounds once, after all sums inside a primitive. @param operands must not be modified. */
function rounded({ value, zero }: Evaluated, dtype: DType, operands: Readonly<Record<string, ProgramTensor>>): Evaluated {
  let near = value;
  for (const name in operands) if (operands[name].value === value) near = copyOf(value);
  roundAll(dtype, near);
  return zero ? { value: near, zero } : { value: near };
}

/** Drops the marks of structural zeros if there are no zeros, which is faster. */
function markedWhereZero(evaluated: Evaluated): Evaluated {
  const { value, zero } = evaluated;
  return zero?.includes(1) === false ? { value } : evaluated;
}

function constant({ value }: ConstantNode, { profile, rounding }: EvaluationContext): ProgramTensor {
  const zero = value === 0 ? Uint8Array.of(1) : undefined;
  if (rounding) return made([], Float64Array.of(roundTo(rounding, value)), zero);
  const held = roundTo(profile.accumulate, value) === value;
  return made([], Float64Array.of(value), zero, held ? undefined : Float64Array.of(profile.a * Math.abs(value)));
}

function apply(
  node: ApplyNode,
  operands: Readonly<Record<string, ProgramTensor>>,
  context: EvaluationContext,
  errors: CarriedErrors | undefined,
): ProgramTensor {
  const { primitive, scalars, axes, attributes, type } = node;
  const { sizes, offset, profile, gradients, rounding, causes } = context;
  const application: Application = { sizes, offset, profile, gradients, rounding, causes, operands, scalars, axes, attributes, out: type };
  const result = markedWhereZero(primitive.value(application));
  const store = storeOf(node, profile);
  if (rounding) {
    const { value, zero } = rounded(result, rounding, operands);
    return made(type.axes, store ? storedValues(store, value) : value, zero);
  }
  const analysis = primitive.analysis?.(application, result);
  const own = primitive.bound(application, result, analysis);
  const following = errors?.follow(node, application);
  const limited = following ? following.bounded(result, decided(own)) : own;
  const computed = withOverflow(profile, result, limited, () => primitive.least?.(application, result));
  const bound = store ? decided(storedBounds(store, result.value, computed.bound, result.zero)) : computed.bound;
  const least = store && computed.least ? storedLeast(store, computed.least) : computed.least;
  const softmax = analysis && store ? { ...analysis, store } : analysis;
  const tensor = made(type.axes, result.value, result.zero, bound, least, softmax);
  errors?.keep(node, tensor, following);
  if (causes) addCause(causes, node, operands, tensor, limited);
  return withForm(tensor, primitive.form?.(application));
}

/** Makes tensors of one hidden class: every property is set, even if undefined. */
function made(
  axes: readonly string[],
  value: Float64Array,
  zero: Uint8Array | undefined,
  bound?: Float64Array,
  least?: Float64Array,
  softmax?: SoftmaxAnalysis,
): ProgramTensor {
  return { axes, value, zero, bound, least, softmax };
}

/** Store of a node's value in this numeric profile; undefined if it is not stored. */
function storeOf({ store }: ApplyNode, profile: NumericProfile): Store | undefined {
  if (store === undefined || (store !== 'layer' && !profile[`${store}Stored`])) return undefined;
  return store === 'probabilities' ? probabilityStore(profile) : narrowStore(profile);
}

/** Adds the cause at the first primitive with undecided elements. */
function addCause(
  causes: Set<string>,
  { primitive, operands: nodes, type }: ApplyNode,
  operands: Readonly<Record<string, ProgramTensor>>,
  { bound }: ProgramTensor,
  limited: Float64Array | undefined,
): void {
  if (!isOpen(bound, type) || Object.keys(nodes).some((name) => isOpen(operands[name].bound, nodes[name].type))) return;
  causes.add(isOpen(limited, type) ? (primitive.open ?? `no finite bound of "${primitive.name}" is known`) : mayOverflow);
}

/** Tells if an element is undecided; a code is, if it may differ. */
function isOpen(bound: Float64Array | undefined, { kind }: TensorType): boolean {
  return bound?.some((e) => (kind === 'code' ? e > 0 : e === Infinity)) ?? false;
}
