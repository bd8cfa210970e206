import { memoised } from '../lib/memoised.js';
import { optionalNames } from '../operator/facts.js';
import { type Binding, type BuiltProgram, buildProgram } from '../program/build.js';
import { bindingWith } from '../program/check.js';
import type { ApplyNode, InputNode, Node } from '../program/graph.js';
import { sameAxes, without } from '../program/tensor.js';
import type { Operator } from '../types/documents.js';

/** Softmax over visible keys of scale · q·k, capped, plus ALiBi, plus a bias; times values. */
export interface SoftmaxForm {
  readonly built: BuiltProgram;
  readonly scale: number;
  readonly softcap?: number;
  /** Inputs of the slopes [hk·g] and sink logits [hk·g]. */
  readonly alibi?: string;
  readonly sink?: string;
  readonly bias?: Node;
  readonly values: Node;
  readonly emptyOutput: 'zero' | 'nan' | 'mean';
  readonly emptyLse: '-inf' | '+inf' | 'zero' | 'nan' | 'finite';
  /** True if an unfused kernel stores the scores at every step, as the streamed oracle assumes. */
  readonly scoresStored: boolean;
  readonly probabilitiesStored: boolean;
}

type Scores = Pick<SoftmaxForm, 'scale' | 'softcap' | 'alibi' | 'bias' | 'scoresStored'>;

const plainHeads = ['hk', 'g'] as const;

/** Softmax form of a program, if any. @param heads axes of query heads, in order. */
export function softmaxForm(operator: Operator, binding: Binding, heads: readonly string[] = plainHeads): SoftmaxForm | undefined {
  const { text, mayBe, forms } = knownOf(operator);
  if (!mayBe) return undefined;
  const key = JSON.stringify([
    heads,
    binding.tensors,
    binding.options,
    Object.entries(binding.sizes).filter(([axis]) => text.includes(`"#${axis}"`)),
  ]);
  const found = forms.get(key);
  if (found !== undefined) return found ?? undefined;
  const form = build(operator, binding, heads);
  // computed parts contain the sizes of their problem
  if (!form || isPlain(form)) forms.set(key, form ?? null);
  if (forms.size > mostForms) forms.clear();
  return form;
}

/** Cached forms of an operator; only plain forms, and failures, apply to many problems. */
interface Known {
  readonly text: string;
  readonly mayBe: boolean;
  readonly forms: Map<string, SoftmaxForm | null>;
}

const mostForms = 1000;
const knownOf = memoised((operator: Operator): Known => {
  const text = JSON.stringify([operator.options, operator.program]);
  const isAttention = text.includes('["softmax"') && Object.keys(operator.outputs).every((name) => name === 'o' || name === 'lse');
  // a graph does not show what depends on the presence of a mask
  return { text, mayBe: isAttention && operator.emptyRow === undefined && !text.includes('["when","mask"'), forms: new Map() };
});

function build(operator: Operator, binding: Binding, heads: readonly string[]): SoftmaxForm | undefined {
  const built = buildProgram(operator, binding);
  const o = applied(built.outputs.get('o'), 'dot');
  if (!o || o.store || o.axes.join() !== 'n') return undefined;
  for (const [p, values] of bothWays(o)) {
    const found = applied(p, 'softmax') && formOf(built, p as ApplyNode, values, heads);
    if (found) return found;
  }
  return undefined;
}

function formOf(built: BuiltProgram, softmax: ApplyNode, values: Node, heads: readonly string[]): SoftmaxForm | undefined {
  const { x, where, sink } = softmax.operands;
  const scores = scoresOf(x, heads);
  const lse = built.outputs.get('lse');
  if (!scores || softmax.axes[0] !== 'n' || !isMask(where)) return undefined;
  if (without(values.type.axes, ['b', 'hk', 'n', 'e']).length > 0 || usesMask(values) || (scores.bias && usesMask(scores.bias)))
    return undefined;
  if (sink && !isInput(sink, heads)) return undefined;
  const sums = applied(lse, 'logsumexp');
  if (lse && !(sums && !sums.store && sums.operands.x === x && sums.operands.where === where && sums.axes[0] === 'n')) return undefined;
  return {
    built,
    ...scores,
    values,
    ...(sink && { sink: (sink as InputNode).name }),
    emptyOutput: (softmax.attributes.emptyRow ?? 'zero') as SoftmaxForm['emptyOutput'],
    emptyLse: (sums?.attributes.emptyRow ?? '-inf') as SoftmaxForm['emptyLse'],
    probabilitiesStored: softmax.store === 'probabilities',
  };
}

function scoresOf(node: Node, heads: readonly string[]): Scores | undefined {
  if (node.kind !== 'apply') return undefined;
  const stored = node.store === 'scores';
  const scale = productOf(node, heads);
  if (scale !== undefined) return { scale, scoresStored: stored };
  const capped = cappedOf(node, heads);
  if (capped) return { ...capped, scoresStored: capped.scoresStored && stored };
  if (node.primitive.name !== 'add') return undefined;
  for (const [rest, term] of bothWays(node)) {
    const inner = scoresOf(rest, heads);
    if (!inner || inner.bias) continue;
    const scoresStored = inner.scoresStored && stored;
    const alibi = inner.alibi === undefined ? slopesOf(term, heads) : undefined;
    return alibi === undefined ? { ...inner, bias: term, scoresStored } : { ...inner, alibi, scoresStored };
  }
  return undefined;
}

/** c of c · q·k, else undefined. */
function productOf(node: Node, heads: readonly string[]): number | undefined {
  const scaled = applied(node, 'scale');
  const product = applied(scaled ? scaled.operands.x : node, 'dot');
  const isContraction = product?.axes.join() === 'd' && !(scaled && product.store);
  if (!isContraction) return undefined;
  const isProduct = bothWays(product).some(
    ([q, k]) => isInput(q, ['b', ...heads, 'm', 'd'], 'q') && isInput(k, ['b', 'hk', 'n', 'd'], 'k'),
  );
  return isProduct ? (scaled?.scalars.c ?? 1) : undefined;
}

function cappedOf(node: ApplyNode, heads: readonly string[]): Scores | undefined {
  const { c: softcap } = node.scalars;
  const tanh = node.primitive.name === 'scale' ? applied(node.operands.x, 'tanh') : undefined;
  const inside = tanh && applied(tanh.operands.x, 'scale');
  const scale = inside && productOf(inside.operands.x, heads);
  if (!tanh || !inside || scale === undefined || tanh.store || inside.store || inside.scalars.c !== 1 / softcap) return undefined;
  return { scale, softcap, scoresStored: (inside.operands.x as ApplyNode).store === 'scores' };
}

/** Name of the slopes in slope · (n − position of m), else undefined. */
function slopesOf(node: Node, heads: readonly string[]): string | undefined {
  const product = applied(node, 'mul');
  if (!product || product.store) return undefined;
  for (const [slopes, distance] of bothWays(product)) {
    const difference = applied(distance, 'sub');
    const key = applied(difference?.operands.x, 'index');
    const query = applied(difference?.operands.y, 'position');
    if (isInput(slopes, heads) && key?.axes[0] === 'n' && query?.axes[0] === 'm') return slopes.name;
  }
  return undefined;
}

function applied(node: Node | undefined, primitive: string): ApplyNode | undefined {
  return node?.kind === 'apply' && node.primitive.name === primitive ? node : undefined;
}

function bothWays({ operands: { x, y } }: ApplyNode): [Node, Node][] {
  return [
    [x, y],
    [y, x],
  ];
}

function isInput(node: Node, axes: readonly string[], name?: string): node is InputNode {
  return node.kind === 'input' && sameAxes(node.type.axes, axes) && (name === undefined || node.name === name);
}

function usesMask(node: Node): boolean {
  return isMask(node) || (node.kind === 'apply' && Object.values(node.operands).some(usesMask));
}

function isMask(node: Node | undefined): boolean {
  return node?.kind === 'input' && node.name === 'mask';
}

const known = new WeakMap<Operator, boolean>();

/** Tells if a program is streamed row by row under all options: hundreds of times as fast. */
export function isStreamed(operator: Operator): boolean {
  const found = known.get(operator);
  if (found !== undefined) return found;
  const streamed = [[], optionalNames(operator)].every((present) => {
    const form = softmaxForm(operator, bindingWith(operator, present, true));
    return form !== undefined && isPlain(form);
  });
  known.set(operator, streamed);
  return streamed;
}

/** Tells if the bias and the values are inputs. */
export function isPlain(form: SoftmaxForm): boolean {
  const { bias, values } = computedNodes(form);
  return bias === undefined && values === undefined;
}

/** Bias and values that are no inputs. */
export function computedNodes({ bias, values }: SoftmaxForm): Partial<Pick<SoftmaxForm, 'bias' | 'values'>> {
  const hasBias = bias === undefined || (bias.kind === 'input' && bias.name === 'bias');
  return { ...(!hasBias && { bias }), ...(!isInput(values, ['b', 'hk', 'n', 'e'], 'v') && { values }) };
}
