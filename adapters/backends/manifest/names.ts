import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import { queryOffset } from '../../../spec/mask/query-offset.js';
import { axesOf, flatAxesOf, optionalNames } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { bytesOf } from '../../../spec/tensor/dtype.js';
import { rowMajor } from '../../../spec/tensor/tensor.js';
import type { Expression, Operator } from '../../../spec/types/documents.js';
import type { Capabilities, Case } from '../../adapter.js';
import { claimedOperators, namedAxes, type Shaped, tensorNames } from './tensors.js';

/*
 * Names that the expressions of a manifest may use:
 *
 *   b hk g m n d e       the case's dimensions (#m is the same as m); h is hk·g, the query heads
 *   r #r …               axes of the claimed operators' own, 0 in cases of an operator that has none of that name
 *   scale softcap eps    options of the operators, built-in and claimed: their value or default; 0 if there is none; $scale is the same
 *   offset               number added to a query's index to get its position among the keys: n − m, or 0 in the top-left dialect
 *   left right           keys seen on either side of a query's position, −1 unbounded: −1 0 for causal, as given for sliding-window,
 *                        else −1 −1
 *   window prefix block  parameters of the case's mask, 0 if it has none of that name; side is 0 for left and 1 for right padding
 *   is_causal …          1 if the case's mask is the one of that name, for each mask that the capabilities claim (- becomes _)
 *   is_gla …             1 if the case's operator is the one of that name, for each claimed operator, if no mask has that name
 *   is_f32 …  bytes      1 if that is the case's dtype, for each claimed dtype; bytes of one of its elements
 *   documents            number of packed documents: one less than the entries of cu_q and cu_k; 0 if the case is not packed
 *   page pages max_pages  slots of a page, pages of the cache, entries of a row of the table; 0 if the call has no pages
 *   has_mask …           1 if the call has that optional tensor, those of the claimed operators too
 *   q_stride_l …         strides in elements: of q k v do o dq dk dv over b h l d, of mask and bias over b h m n (0 where the size is 1)
 *   gate_stride_n …      the same of every input, output, cotangent and gradient of the claimed operators over the axes of its document,
 *                        hk and g beside each other being h; 0 if the call lacks the tensor
 *   q_offset …           index of the first element of q k v do and of every other input, if strided tensors are claimed
 *
 * The first of two that would have one name has it: #r and $r tell an axis and an option apart.
 * If the mask is passed as a tensor, that tensor alone describes it: every is_… is 0, and left and right are −1.
 */

const dims = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'] as const;
const optional = ['mask', 'bias', 'alibi', 'sink', 'dlse', 'document', 'lengths', 'blocks', 'blockEdges'];
const parameters = ['window', 'prefix', 'block'];
const headed = ['q', 'k', 'v', 'do', 'o', 'dq', 'dk', 'dv'];
const dense = ['mask', 'bias'];

/** Defaults of options by name: of built-in operators, then those of others that no built-in one has. */
function optionDefaults(operators: readonly Operator[]): Map<string, Expression> {
  const defaults = new Map<string, Expression>();
  for (const { options = {} } of [...operatorDocuments, ...operators])
    for (const [name, option] of Object.entries(options)) if (!defaults.has(name)) defaults.set(name, option.default ?? 0);
  return defaults;
}

const flagOf = (mask: string): string => `is_${mask.replaceAll('-', '_')}`;

/** Names of the strides of a tensor over the axes of a document. */
function declaredStrides(operator: Operator, name: string): string[] {
  const axes = axesOf(operator, name);
  return axes && !dense.includes(name) ? flatAxesOf(axes).map((axis) => `${name}_stride_${axis}`) : [];
}

function tensorsOf(operators: readonly Operator[]): string[] {
  const { inputs, outputs, cotangents, gradients } = tensorNames(operators);
  return [...inputs, ...outputs, ...cotangents, ...gradients];
}

/** A call, with its tensors by name. */
interface NamedCall {
  readonly case: Case;
  readonly tensors: Readonly<Record<string, Shaped>>;
}

/** Reads the value of a name from a call. */
type Reader = (call: NamedCall) => number;

type Readers = Map<string, Reader>;

/** Values of names in a call. A name that no expression may use has none. */
export interface CallValues {
  get(name: string): number | undefined;
}

/** Names that a manifest with these capabilities may use. How each is read is settled once, for every operator that is called. */
export class CallNames {
  private readonly known = new Map<Operator | undefined, Readers>();

  /** @param operators those that the manifest claims, with their documents. */
  constructor(
    private readonly capabilities: Capabilities,
    private readonly operators: readonly Operator[] = claimedOperators(capabilities, undefined),
  ) {}

  get all(): string[] {
    return [...this.readersFor(undefined).keys()];
  }

  /**
   * Returns the values of the names in a call, each read when it is asked for.
   * @param tensors inputs and outputs by name, their axes in the order b h l d, or that of their document, whatever the layout.
   */
  valuesIn(c: Case, tensors: NamedCall['tensors']): CallValues {
    const readers = this.readersFor(this.operators.find(({ name }) => name === c.operator));
    const call = { case: c, tensors };
    return { get: (name) => readers.get(name)?.(call) };
  }

  private readersFor(operator: Operator | undefined): Readers {
    let readers = this.known.get(operator);
    if (!readers) {
      readers = this.makeReaders(operator);
      this.known.set(operator, readers);
    }
    return readers;
  }

  private makeReaders(operator: Operator | undefined): Readers {
    const { operators, capabilities } = this;
    const readers: Readers = new Map();
    const axes = namedAxes(operators);
    for (const axis of axes) readers.set(`#${axis}`, sizeOfAxis(axis));
    for (const dim of dims) readers.set(dim, sizeOfAxis(dim)).set(`#${dim}`, sizeOfAxis(dim));
    readers.set('h', ({ case: { dims: sizes } }) => sizes.hk * sizes.g);
    for (const [name, usual] of optionDefaults(operators)) {
      const read = optionReader(name, operator?.options?.[name]?.default ?? usual, readers);
      readers.set(name, read).set(`$${name}`, read);
    }
    readers.set('offset', ({ case: c }) => queryOffset(c.dialect?.causal, c.dims.m, c.dims.n, c.block));
    readers.set('documents', ({ case: { packed } }) => packed?.q.length ?? 0);
    readers.set('page', ({ tensors }) => tensors.k_pages?.shape[1] ?? 0);
    readers.set('pages', ({ tensors }) => tensors.k_pages?.shape[0] ?? 0);
    readers.set('max_pages', ({ tensors }) => tensors.block_table?.shape[1] ?? 0);
    addMask(readers, capabilities.masks ?? ['full']);
    for (const name of [...optional, ...operators.flatMap((own) => optionalNames({ optional: own.optional }))])
      readers.set(`has_${name}`, ({ tensors }) => (tensors[name] ? 1 : 0));
    for (const name of headed) addStrides(readers, name);
    for (const name of dense) addBroadcastStrides(readers, name);
    const { inputs, cotangents } = tensorNames(operators);
    for (const name of ['q', 'k', 'v', 'do', ...inputs, ...cotangents])
      if (!dense.includes(name)) readers.set(`${name}_offset`, ({ tensors }) => tensors[name]?.offset ?? 0);
    if (operator) for (const name of tensorsOf([operator])) addDeclaredStrides(readers, operator, name);
    addFlags(readers, capabilities, axes);
    // strides of tensors that the case's operator does not have
    for (const own of operators)
      for (const name of tensorsOf([own])) for (const stride of declaredStrides(own, name)) addIfFree(readers, stride, () => 0);
    return readers;
  }
}

function sizeOfAxis(axis: string): Reader {
  return ({ case: c }) => c.dims[axis] ?? 0;
}

/** Reads an option: its value, or its default, which may be an expression of sizes. */
function optionReader(name: string, usual: Expression, readers: Readers): Reader {
  return (call) => {
    const { options, dialect } = call.case;
    const given = options[name];
    if (given === undefined && name === 'scale' && dialect?.defaultScale === '1') return 1;
    if (given === undefined && name === 'eps' && dialect?.defaultEps !== undefined) return Number(dialect.defaultEps);
    const value = typeof given === 'number' ? given : evaluateExpression(usual, (size) => readers.get(size)?.(call) as number);
    return Number.isFinite(value) ? value : 0;
  };
}

function addIfFree(readers: Readers, name: string, read: Reader): void {
  if (!readers.has(name)) readers.set(name, read);
}

function addMask(readers: Readers, masks: readonly string[]): void {
  const named = ({ case: c, tensors }: NamedCall) =>
    'name' in c.mask && !('mask' in tensors) && !c.block && masks.includes(c.mask.name) ? c.mask : undefined;
  const number = (call: NamedCall, name: string, absent: number): number => {
    const given = named(call)?.parameters?.[name];
    return typeof given === 'number' ? given : absent;
  };
  const slides = (call: NamedCall) => named(call)?.name === 'sliding-window';
  for (const mask of masks) readers.set(flagOf(mask), (call) => (named(call)?.name === mask ? 1 : 0));
  for (const parameter of parameters) readers.set(parameter, (call) => number(call, parameter, 0));
  readers.set('side', (call) => (named(call)?.parameters?.side === 'right' ? 1 : 0));
  readers.set('left', (call) => (slides(call) ? number(call, 'left', -1) : -1));
  readers.set('right', (call) => (named(call)?.name === 'causal' ? 0 : slides(call) ? number(call, 'right', -1) : -1));
}

/** Flags of operator and dtype, and own axes by their plain names, where nothing else has that name. */
function addFlags(readers: Readers, { operators, dtypes }: Capabilities, axes: readonly string[]): void {
  addIfFree(readers, 'bytes', ({ case: c }) => bytesOf(c.dtype));
  for (const name of operators) addIfFree(readers, flagOf(name), ({ case: c }) => (name === c.operator ? 1 : 0));
  for (const dtype of dtypes) addIfFree(readers, flagOf(dtype), ({ case: c }) => (dtype === c.dtype ? 1 : 0));
  for (const axis of axes) addIfFree(readers, axis, sizeOfAxis(axis));
}

/** Strides over the axes of the document; what has another rank, such as packed documents, has none, or those over b h l d. */
function addDeclaredStrides(readers: Readers, operator: Operator, name: string): void {
  const strides = declaredStrides(operator, name);
  for (const [axis, stride] of strides.entries()) {
    const other = readers.get(stride);
    readers.set(stride, (call) => {
      const own = call.tensors[name]?.strides;
      return own?.length === strides.length ? own[axis] : (other?.(call) ?? 0);
    });
  }
}

function addStrides(readers: Readers, name: string): void {
  for (const [at, axis] of [...'bhld'].entries()) readers.set(`${name}_stride_${axis}`, ({ tensors }) => tensors[name]?.strides[at] ?? 0);
}

/** Strides of a tensor that is repeated along axes of size 1. */
function addBroadcastStrides(readers: Readers, name: string): void {
  for (const [at, axis] of [...'bhmn'].entries())
    readers.set(`${name}_stride_${axis}`, ({ tensors }) => {
      const { shape = [] } = tensors[name] ?? {};
      return shape[at] === 1 ? 0 : (rowMajor(shape)[at] ?? 0);
    });
}
