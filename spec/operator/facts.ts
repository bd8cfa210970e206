import { memoised } from '../lib/memoised.js';
import type { CodeFormat, DescribedInput, DType, Operator, OperatorInput, Options, SetOutput, Term } from '../types/documents.js';
import { plainStatements } from './loops.js';

/** Axes that every case has a size for, in the order in which outputs have them. */
export const commonAxes = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'] as const;

/** The masks that an operator lists, which it has built in; undefined when it takes any. One that says nothing has `full` alone. */
export function listedMasks({ masks }: Pick<Operator, 'masks'>): readonly string[] | undefined {
  return masks === 'any' ? undefined : (masks ?? ['full']);
}

/** Input of an operator with every default filled in. */
export interface InputFacts extends DescribedInput {
  readonly kind: NonNullable<DescribedInput['kind']>;
  readonly draw: NonNullable<DescribedInput['draw']>;
  /** False if no gradient reaches it: booleans and indices have none. */
  readonly gradient: boolean;
  /** True if a call may lack it. */
  readonly optional: boolean;
  /** True for an index that names no place twice along its last axis. */
  readonly once: boolean;
}

type Inputs = Pick<Operator, 'inputs' | 'optional'>;

/** Every input and optional input, by name. */
export const inputsOf: (operator: Inputs) => Readonly<Record<string, InputFacts>> = memoised(({ inputs, optional = {} }: Inputs) => ({
  ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, inputFacts(input, false)])),
  ...Object.fromEntries(Object.entries(optional).map(([name, input]) => [name, inputFacts(input, true)])),
}));

function inputFacts(input: OperatorInput, optional: boolean): InputFacts {
  const described = Array.isArray(input) ? { axes: input } : input;
  const kind = described.kind ?? 'number';
  return {
    draw: 'normal',
    ...described,
    once: described.draw === 'once',
    kind,
    gradient: kind === 'number' && described.gradient !== false,
    optional,
  };
}

/** Facts of an input as it is drawn in cases with these options: each place is named once where no option says what a second time counts. */
export function factsWith(facts: InputFacts, options: Options): InputFacts {
  return facts.repeats === undefined || options[facts.repeats] !== undefined ? facts : { ...facts, once: true };
}

/** Type in which numbers of an input come in cases of a type: that of the case, unless the document, or the implementation, says otherwise. */
export function storedType({ stored }: Pick<InputFacts, 'stored'>, dtype: DType): DType {
  return stored === undefined || dtype === 'f64' ? dtype : stored;
}

/** Axes of every input and optional input, by name. */
export const declaredAxes: (operator: Inputs) => Readonly<Record<string, readonly string[]>> = memoised((operator: Inputs) =>
  Object.fromEntries(Object.entries(inputsOf(operator)).map(([name, { axes }]) => [name, axes])),
);

/** Names of the inputs that a gradient reaches. */
export function differentiableInputs(operator: Pick<Operator, 'inputs' | 'optional'>): string[] {
  return Object.entries(inputsOf(operator)).flatMap(([name, { gradient }]) => (gradient ? [name] : []));
}

/** Names of the inputs that every call has. */
export function requiredInputs(operator: Pick<Operator, 'inputs'>): string[] {
  return Object.keys(operator.inputs);
}

/** Tells whether the operator has an output of this name. */
export function hasOutput({ outputs }: Pick<Operator, 'outputs'>, name: string): boolean {
  return Object.hasOwn(outputs, name);
}

/** How an output travels that is a set of places along its last axis; undefined for any other output. */
export function setOf({ sets }: Pick<Operator, 'sets'>, name: string): SetOutput | undefined {
  return sets && Object.hasOwn(sets, name) ? sets[name] : undefined;
}

/** The format of an output that is stored codes; undefined for any other output. */
export function codeOf({ codes }: Pick<Operator, 'codes'>, name: string): CodeFormat | undefined {
  return codes && Object.hasOwn(codes, name) ? codes[name] : undefined;
}

/** Tells whether the operator is there and gives an LSE. */
export function hasLse(operator: Pick<Operator, 'outputs'> | undefined): boolean {
  return operator !== undefined && hasOutput(operator, 'lse');
}

/** Axes of the operator beside the common ones: those of inputs, in the order in which inputs name them, then those that only the program has. */
export const ownAxes: (operator: Inputs & Pick<Operator, 'axes'>) => readonly string[] = memoised(
  (operator: Inputs & Pick<Operator, 'axes'>) => {
    const common: readonly string[] = commonAxes;
    const named = [...Object.values(declaredAxes(operator)).flat(), ...Object.keys(operator.axes ?? {})];
    return [...new Set(named)].filter((axis) => !common.includes(axis));
  },
);

/** The operator computed by its second form; undefined if it has none. */
export const secondForm: (operator: Operator) => Operator | undefined = memoised(
  ({ second, ...operator }: Operator) => second && { ...operator, program: second.program },
);

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
  const declared = declaredAxes(operator);
  const asked = declared.q ? [declared.q] : [...Object.values(declared), ...Object.values(operator.outputs)];
  return asked.some((axes) => axes.includes('m')) ? 'm' : 'n';
}

/** The input by which a token is known: the queries, or the first one with tokens where there are none. */
export function tokenInput(operator: Pick<Operator, 'inputs' | 'optional'>): string {
  const declared = declaredAxes(operator);
  if (declared.q) return 'q';
  return Object.keys(declared).find((name) => declared[name].includes('n')) ?? Object.keys(declared)[0];
}

const declaredTensors = memoised(
  (operator: Operator): Readonly<Record<string, readonly string[]>> => ({ ...operator.outputs, ...declaredAxes(operator) }),
);

/** Axes of an input, of an output, or of what belongs to one: the gradient of an input (`dq`), the cotangent of an output (`do`); undefined for any other name. */
export function axesOf(operator: Operator, name: string): readonly string[] | undefined {
  const declared = declaredTensors(operator);
  return declared[name] ?? (name.startsWith('d') ? declared[name.slice(1)] : undefined);
}

/** Tells whether an input has numbers for each key and none for a query: keys, values and what takes their place. */
export function belongsToKeys(operator: Pick<Operator, 'inputs' | 'optional'>, name: string): boolean {
  const { kind, axes } = inputsOf(operator)[name];
  return kind === 'number' && axes.includes('n') && !axes.includes('m');
}

/** Tells whether a tensor begins with the axes of a row of queries: batch, heads and the queries' own, as far as inputs have them. */
export function hasRowsOfQueries(operator: Operator, name: string): boolean {
  const used = new Set(Object.values(declaredAxes(operator)).flat());
  // those that no input has are of size 1
  const long = (axes: readonly string[]) => axes.filter((axis) => used.has(axis) || axis === 'm');
  const rows = long(['b', 'hk', 'g', queryAxisOf(operator)]);
  return (
    long(axesOf(operator, name) ?? [])
      .slice(0, rows.length)
      .join() === rows.join()
  );
}

/** Axes as tensors have them: neighbours hk and g are one axis of query heads, here `h`. */
export function flatAxesOf(axes: readonly string[]): string[] {
  const flat: string[] = [];
  for (let i = 0; i < axes.length; i++) {
    const isHeads = axes[i] === 'hk' && axes[i + 1] === 'g';
    flat.push(isHeads ? 'h' : axes[i]);
    if (isHeads) i++;
  }
  return flat;
}

/** Names that an expression for the elements of a tensor of these axes may use: its indices, and sizes such as `#h`. */
export function indexNames(axes: readonly string[]): string[] {
  const flat = flatAxesOf(axes);
  return [...flat, ...flat.map((axis) => `#${axis}`)];
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
export const usesMaskAsOperand = memoised(({ program }: Pick<Operator, 'program'>): boolean =>
  plainStatements(program).some(([, term]) => hasMaskAsOperand(term)),
);

function hasMaskAsOperand(term: Term): boolean {
  if (!Array.isArray(term)) return term === 'mask';
  return term.some((part, i) => i > 0 && !(term[0] === 'when' && i === 1) && hasMaskAsOperand(part as Term));
}

/** Tells whether the mask has any part in the program. */
export const usesMask = memoised(({ program }: Pick<Operator, 'program'>): boolean => program.some(([, term]) => hasMask(term)));

function hasMask(term: unknown): boolean {
  return term === 'mask' || (typeof term === 'object' && term !== null && Object.values(term).some(hasMask));
}

/** Tells whether the program has a softmax or the logarithm of a sum of exponentials, which subtract a maximum. */
export const hasSoftmax = memoised(({ program }: Pick<Operator, 'program'>): boolean =>
  /\["(softmax|logsumexp)"/.test(JSON.stringify(program)),
);

/** Tells whether the dialect says what the program's rows without keys are: a softmax in it names `$emptyOutput`. */
export function namesEmptyOutput({ program }: Pick<Operator, 'program'>): boolean {
  return JSON.stringify(program).includes('"$emptyOutput"');
}

/**
 * Tells whether the program multiplies queries with keys over an axis that both have, and a softmax takes some: somewhere in it, what comes of
 * queries alone meets what comes of keys alone.
 */
export const multipliesScores = memoised((operator: Pick<Operator, 'inputs' | 'program'>): boolean => {
  const { q, k } = declaredAxes(operator);
  if (q === undefined || k === undefined || q.at(-1) !== k.at(-1) || !JSON.stringify(operator.program).includes('["softmax"')) return false;
  const statements = plainStatements(operator.program);
  const known = new Map<string, string>([
    ['q', 'q'],
    ['k', 'k'],
  ]);
  /** Which of q and k a term comes of. */
  const origin = (term: unknown): string => {
    if (typeof term === 'string') return known.get(term) ?? '';
    if (typeof term !== 'object' || term === null) return '';
    const parts = Object.values(term).map(origin).join('');
    return ['q', 'k'].filter((name) => parts.includes(name)).join('');
  };
  const meet = (term: unknown): boolean => {
    if (!Array.isArray(term)) return false;
    const [name, ...operands] = term;
    const origins = operands.slice(0, 2).map(origin);
    return ((name === 'dot' || name === 'mul') && origins.includes('q') && origins.includes('k')) || operands.some(meet);
  };
  return statements.some(([name, term]) => {
    known.set(name, origin(term));
    return meet(term);
  });
});
