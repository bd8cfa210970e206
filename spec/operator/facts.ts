import type { Operator, Term } from '../types/documents.js';

/** Axes that every case has a size for, in the order in which outputs have them. */
export const commonAxes = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'] as const;

/** The masks that an operator lists, which it has built in; undefined when it takes any. One that says nothing has `full` alone. */
export function listedMasks({ masks }: Pick<Operator, 'masks'>): readonly string[] | undefined {
  return masks === 'any' ? undefined : (masks ?? ['full']);
}

/** Axes of every input and optional input, by name. */
export function declaredAxes({ inputs, optional }: Operator): Readonly<Record<string, readonly string[]>> {
  return { ...inputs, ...optional };
}

/** Names that a call of the operator may lack: optional inputs, and options without a default. */
export function optionalNames(operator: Pick<Operator, 'optional' | 'options'>): string[] {
  return [...Object.keys(operator.optional ?? {}), ...optionsWithoutDefault(operator)];
}

/** The same by the names that `when` asks for them: those of options begin with `$`. */
export function optionalConditions(operator: Pick<Operator, 'optional' | 'options'>): string[] {
  return [...Object.keys(operator.optional ?? {}), ...optionsWithoutDefault(operator).map((name) => `$${name}`)];
}

function optionsWithoutDefault({ options }: Pick<Operator, 'options'>): string[] {
  return Object.entries(options ?? {}).flatMap(([name, option]) => (option.default === null ? [name] : []));
}

/** The axis of the queries: that of the keys in operators where both share one. */
export function queryAxisOf(operator: Operator): 'm' | 'n' {
  const { q } = operator.inputs;
  const declared = q ? [q] : Object.values(declaredAxes(operator));
  return declared.some((axes) => axes.includes('m')) || declared.length === 0 ? 'm' : 'n';
}

/** Axes of an input, of an output, or of a gradient, which has those of its input (`dq` those of `q`); undefined for any other name. */
export function axesOf(operator: Operator, name: string): readonly string[] | undefined {
  const rows = ['b', 'hk', 'g', queryAxisOf(operator)];
  if (name === 'o' || name === 'do') return [...rows, 'e'];
  if (name === 'lse' || name === 'dlse') return rows;
  const declared = declaredAxes(operator);
  return declared[name] ?? (name.startsWith('d') ? declared[name.slice(1)] : undefined);
}

/** Axes as tensors have them: neighbours hk and g are one axis of query heads, here `h`. */
export function flatAxesOf(axes: readonly string[]): string[] {
  return axes.flatMap((axis, i) => (axis === 'hk' && axes[i + 1] === 'g' ? ['h'] : axis === 'g' && axes[i - 1] === 'hk' ? [] : [axis]));
}

/**
 * How layouts lay out a tensor of these axes, as tensors have them: `tokens`, [b, heads, m or n, channels], has heads and tokens exchanged in blhd
 * and thd; `rows`, [b, heads, m or n], loses the batch axis in thd; `fixed` has one form.
 */
export function layoutForm(axes: readonly string[]): 'tokens' | 'rows' | 'fixed' {
  const [b, heads, tokens, channels] = axes;
  const isOfTokens = b === 'b' && (heads === 'h' || heads === 'hk') && (tokens === 'm' || tokens === 'n');
  if (!isOfTokens || axes.length > 4) return 'fixed';
  if (channels === undefined) return 'rows';
  return channels === 'm' || channels === 'n' ? 'fixed' : 'tokens';
}

/** Tells whether the program multiplies with, selects by, or asks for the mask, and not only through the `where` of a softmax. */
export function usesMaskAsOperand({ program }: Pick<Operator, 'program'>): boolean {
  const uses = (term: Term): boolean =>
    term === 'mask' || (Array.isArray(term) && term.some((part, i) => i > 0 && !(term[0] === 'when' && i === 1) && uses(part as Term)));
  return program.some(([, term]) => uses(term));
}

/** Tells whether the mask has any part in the program. */
export function usesMask({ program }: Pick<Operator, 'program'>): boolean {
  const uses = (term: unknown): boolean =>
    term === 'mask' || (typeof term === 'object' && term !== null && Object.values(term).some((part) => uses(part)));
  return program.some(([, term]) => uses(term));
}

/** Tells whether the dialect says what the program's rows without keys are: a softmax in it names `$emptyOutput`. */
export function namesEmptyOutput({ program }: Pick<Operator, 'program'>): boolean {
  return JSON.stringify(program).includes('"$emptyOutput"');
}

/** Tells whether queries and keys have an axis in common, over which they are multiplied to give scores, and a softmax takes some. */
export function multipliesScores({ inputs: { q, k }, program }: Pick<Operator, 'inputs' | 'program'>): boolean {
  return q !== undefined && k !== undefined && q.at(-1) === k.at(-1) && JSON.stringify(program).includes('["softmax"');
}
