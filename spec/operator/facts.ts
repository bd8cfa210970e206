import { memoised } from '../lib/memoised.js';
import type { CodeFormat, DescribedInput, DType, Operator, OperatorInput, Options, SetOutput, Term } from '../types/documents.js';
import { plainStatements } from './loops.js';

/** Axes with a size in every case, in the order of outputs. */
export const commonAxes = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'] as const;

/** Built-in masks of an operator, by default `full`; undefined if it takes any mask. */
export function listedMasks({ masks }: Pick<Operator, 'masks'>): readonly string[] | undefined {
  return masks === 'any' ? undefined : (masks ?? ['full']);
}

/** Input of an operator with all defaults filled in. */
export interface InputFacts extends DescribedInput {
  readonly kind: NonNullable<DescribedInput['kind']>;
  readonly draw: NonNullable<DescribedInput['draw']>;
  /** False for booleans, indices and inputs declared without a gradient. */
  readonly gradient: boolean;
  readonly optional: boolean;
  /** True for an index without repeats along its last axis. */
  readonly once: boolean;
}

type Inputs = Pick<Operator, 'inputs' | 'optional'>;

/** Inputs and optional inputs, by name. */
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

/** Facts of an input under these options: indices are distinct if no option defines repeats. */
export function factsWith(facts: InputFacts, options: Options): InputFacts {
  return facts.repeats === undefined || options[facts.repeats] !== undefined ? facts : { ...facts, once: true };
}

/** Stored type of an input in cases of a dtype: the same unless the document or a claim differs. */
export function storedType({ stored }: Pick<InputFacts, 'stored'>, dtype: DType): DType {
  return stored === undefined || dtype === 'f64' ? dtype : stored;
}

/** Axes of every input and optional input, by name. */
export const declaredAxes: (operator: Inputs) => Readonly<Record<string, readonly string[]>> = memoised((operator: Inputs) =>
  Object.fromEntries(Object.entries(inputsOf(operator)).map(([name, { axes }]) => [name, axes])),
);

/** Inputs with a gradient. */
export function differentiableInputs(operator: Pick<Operator, 'inputs' | 'optional'>): string[] {
  return Object.entries(inputsOf(operator)).flatMap(([name, { gradient }]) => (gradient ? [name] : []));
}

/** Inputs of every call. */
export function requiredInputs(operator: Pick<Operator, 'inputs'>): string[] {
  return Object.keys(operator.inputs);
}

/** Tells if the operator has an output of this name. */
export function hasOutput({ outputs }: Pick<Operator, 'outputs'>, name: string): boolean {
  return Object.hasOwn(outputs, name);
}

/** Set facts of an output that selects indices along its last axis; else undefined. */
export function setOf({ sets }: Pick<Operator, 'sets'>, name: string): SetOutput | undefined {
  return sets && Object.hasOwn(sets, name) ? sets[name] : undefined;
}

/** Format of an output of stored codes; else undefined. */
export function codeOf({ codes }: Pick<Operator, 'codes'>, name: string): CodeFormat | undefined {
  return codes && Object.hasOwn(codes, name) ? codes[name] : undefined;
}

/** Tells if an operator exists and has an LSE. */
export function hasLse(operator: Pick<Operator, 'outputs'> | undefined): boolean {
  return operator !== undefined && hasOutput(operator, 'lse');
}

/** Axes beside the common ones, of inputs first, then of the program alone. */
export const ownAxes: (operator: Inputs & Pick<Operator, 'axes'>) => readonly string[] = memoised(
  (operator: Inputs & Pick<Operator, 'axes'>) => {
    const common: readonly string[] = commonAxes;
    const named = [...Object.values(declaredAxes(operator)).flat(), ...Object.keys(operator.axes ?? {})];
    return [...new Set(named)].filter((axis) => !common.includes(axis));
  },
);

/** Operator with its second form as its program; undefined without a second form. */
export const secondForm: (operator: Operator) => Operator | undefined = memoised(
  ({ second, ...operator }: Operator) => second && { ...operator, program: second.program },
);

/** Names that a call may omit: optional inputs, and options without a default. */
export function optionalNames(operator: Pick<Operator, 'optional' | 'options'>): string[] {
  return [...Object.keys(operator.optional ?? {}), ...optionsWithoutDefault(operator)];
}

/** The same names as in `when` terms: options begin with `$`. */
export function optionalConditions(operator: Pick<Operator, 'optional' | 'options'>): string[] {
  return [...Object.keys(operator.optional ?? {}), ...optionsWithoutDefault(operator).map((name) => `$${name}`)];
}

function optionsWithoutDefault({ options }: Pick<Operator, 'options'>): string[] {
  return Object.entries(options ?? {}).flatMap(([name, option]) => (option.default === null ? [name] : []));
}

/** Axis of the queries: n if queries and keys share one axis. */
export function queryAxisOf(operator: Operator): 'm' | 'n' {
  const declared = declaredAxes(operator);
  const asked = declared.q ? [declared.q] : [...Object.values(declared), ...Object.values(operator.outputs)];
  return asked.some((axes) => axes.includes('m')) ? 'm' : 'n';
}

/** Input that identifies a token: q, or else the first input with axis n. */
export function tokenInput(operator: Pick<Operator, 'inputs' | 'optional'>): string {
  const declared = declaredAxes(operator);
  if (declared.q) return 'q';
  return Object.keys(declared).find((name) => declared[name].includes('n')) ?? Object.keys(declared)[0];
}

const declaredTensors = memoised(
  (operator: Operator): Readonly<Record<string, readonly string[]>> => ({ ...operator.outputs, ...declaredAxes(operator) }),
);

/** Axes of an input or output, or its gradient (`dq`) or cotangent (`do`); undefined if unknown. */
export function axesOf(operator: Operator, name: string): readonly string[] | undefined {
  const declared = declaredTensors(operator);
  return declared[name] ?? (name.startsWith('d') ? declared[name.slice(1)] : undefined);
}

/** Tells if an input has numbers per key but not per query, like keys and values. */
export function belongsToKeys(operator: Pick<Operator, 'inputs' | 'optional'>, name: string): boolean {
  const { kind, axes } = inputsOf(operator)[name];
  return kind === 'number' && axes.includes('n') && !axes.includes('m');
}

/** Tells if a tensor begins with the axes of a query row: batch, heads and queries. */
export function hasRowsOfQueries(operator: Operator, name: string): boolean {
  const used = new Set(Object.values(declaredAxes(operator)).flat());
  // axes that no input has are of size 1
  const long = (axes: readonly string[]) => axes.filter((axis) => used.has(axis) || axis === 'm');
  const rows = long(['b', 'hk', 'g', queryAxisOf(operator)]);
  return (
    long(axesOf(operator, name) ?? [])
      .slice(0, rows.length)
      .join() === rows.join()
  );
}

/** Axes of stored tensors: adjacent hk and g become `h`. */
export function flatAxesOf(axes: readonly string[]): string[] {
  const flat: string[] = [];
  for (let i = 0; i < axes.length; i++) {
    const isHeads = axes[i] === 'hk' && axes[i + 1] === 'g';
    flat.push(isHeads ? 'h' : axes[i]);
    if (isHeads) i++;
  }
  return flat;
}

/** Names in an expression over a tensor's elements: its indices, and sizes like `#h`. */
export function indexNames(axes: readonly string[]): string[] {
  const flat = flatAxesOf(axes);
  return [...flat, ...flat.map((axis) => `#${axis}`)];
}

/**
 * Layouts swap heads and tokens of `tokens` [b, heads, m|n, channels] in blhd and thd, drop the
 * batch axis of `tokens` and `rows` [b, heads, m|n] in thd, and keep `fixed` tensors.
 */
export function layoutForm(axes: readonly string[]): 'tokens' | 'rows' | 'fixed' {
  const [b, heads, tokens, channels] = axes;
  const isOfTokens = b === 'b' && (heads === 'h' || heads === 'hk') && (tokens === 'm' || tokens === 'n');
  if (!isOfTokens || axes.length > 4) return 'fixed';
  if (channels === undefined) return 'rows';
  return channels === 'm' || channels === 'n' ? 'fixed' : 'tokens';
}

/** Tells if the program uses the mask other than as the `where` of an operation. */
export const usesMaskAsOperand = memoised(({ program }: Pick<Operator, 'program'>): boolean =>
  plainStatements(program).some(([, term]) => hasMaskAsOperand(term)),
);

function hasMaskAsOperand(term: Term): boolean {
  if (!Array.isArray(term)) return term === 'mask';
  return term.some((part, i) => i > 0 && !(term[0] === 'when' && i === 1) && hasMaskAsOperand(part as Term));
}

/** Tells if the mask occurs anywhere in the program. */
export const usesMask = memoised(({ program }: Pick<Operator, 'program'>): boolean => program.some(([, term]) => hasMask(term)));

function hasMask(term: unknown): boolean {
  return term === 'mask' || (typeof term === 'object' && term !== null && Object.values(term).some(hasMask));
}

/** Tells if the program has a softmax or logsumexp, which subtract a maximum. */
export const hasSoftmax = memoised(({ program }: Pick<Operator, 'program'>): boolean =>
  /\["(softmax|logsumexp)"/.test(JSON.stringify(program)),
);

/** Tells if a dialect sets the output of empty rows: a softmax names `$emptyOutput`. */
export function namesEmptyOutput({ program }: Pick<Operator, 'program'>): boolean {
  return JSON.stringify(program).includes('"$emptyOutput"');
}

/** Tells if the program has a softmax and multiplies terms of q alone with terms of k alone. */
export const multipliesScores = memoised((operator: Pick<Operator, 'inputs' | 'program'>): boolean => {
  const { q, k } = declaredAxes(operator);
  if (q === undefined || k === undefined || q.at(-1) !== k.at(-1) || !JSON.stringify(operator.program).includes('["softmax"')) return false;
  const statements = plainStatements(operator.program);
  const known = new Map<string, string>([
    ['q', 'q'],
    ['k', 'k'],
  ]);
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
