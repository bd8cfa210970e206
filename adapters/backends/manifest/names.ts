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
 *   b hk g m n d e       dimensions of the case (#m is the same as m); h is hk·g, the query heads
 *   r #r …               axes named by claimed operators; 0 if the case's operator lacks the axis
 *   scale softcap eps    options of built-in and claimed operators: value, default, or 0; or $scale
 *   offset               position of query 0 among the keys: n − m, or 0 in the top-left dialect
 *   left right           keys visible left and right of a query's position, −1 for unbounded:
 *                        −1 0 for causal, the parameters of sliding-window, else −1 −1
 *   window prefix block  parameters of the mask, or 0; side is 0 for left and 1 for right padding
 *   is_causal …          1 if the case has this mask, for each claimed mask (- becomes _)
 *   is_gla …             1 if the case has this operator, for claimed operators not named as masks
 *   is_f32 …  bytes      1 if the case has this dtype, for claimed dtypes; bytes of an element
 *   documents            number of packed documents, one less than entries of cu_q; 0 if not packed
 *   page pages max_pages slots of a page, pages of the cache, entries of a table row; 0 if unpaged
 *   has_mask …           1 if the call has the optional tensor, also for claimed operators
 *   q_stride_l …         strides in elements: of q k v do o dq dk dv over b h l d, and of mask and
 *                        bias over b h m n (0 along axes of size 1)
 *   gate_stride_n …      strides of inputs, outputs, cotangents and gradients of claimed operators
 *                        over document axes, with adjacent hk and g as h; 0 if absent
 *   q_offset …           index of the first element of each input, if strided tensors are claimed
 *
 * The earlier of two equal names wins; #r and $r tell an axis and an option apart.
 * If the mask is passed as a tensor, every is_… of masks is 0, and left and right are −1.
 */

const dims = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'] as const;
const optional = ['mask', 'bias', 'alibi', 'sink', 'dlse', 'document', 'lengths', 'blocks', 'blockEdges'];
const parameters = ['window', 'prefix', 'block'];
const headed = ['q', 'k', 'v', 'do', 'o', 'dq', 'dk', 'dv'];
const dense = ['mask', 'bias'];

/** Returns defaults of options by name; built-in operators come first. */
function optionDefaults(operators: readonly Operator[]): Map<string, Expression> {
  const defaults = new Map<string, Expression>();
  for (const { options = {} } of [...operatorDocuments, ...operators])
    for (const [name, option] of Object.entries(options)) if (!defaults.has(name)) defaults.set(name, option.default ?? 0);
  return defaults;
}

const flagOf = (mask: string): string => `is_${mask.replaceAll('-', '_')}`;

function declaredStrides(operator: Operator, name: string): string[] {
  const axes = axesOf(operator, name);
  return axes && !dense.includes(name) ? flatAxesOf(axes).map((axis) => `${name}_stride_${axis}`) : [];
}

function tensorsOf(operators: readonly Operator[]): string[] {
  const { inputs, outputs, cotangents, gradients } = tensorNames(operators);
  return [...inputs, ...outputs, ...cotangents, ...gradients];
}

interface NamedCall {
  readonly case: Case;
  readonly tensors: Readonly<Record<string, Shaped>>;
}

type Reader = (call: NamedCall) => number;

type Readers = Map<string, Reader>;

/** Values of names in a call; undefined for unknown names. */
export interface CallValues {
  get(name: string): number | undefined;
}

/** Names that a manifest may use. Their readers are made once for each operator. */
export class CallNames {
  private readonly known = new Map<Operator | undefined, Readers>();

  /** @param operators claimed operators that have documents. */
  constructor(
    private readonly capabilities: Capabilities,
    private readonly operators: readonly Operator[] = claimedOperators(capabilities, undefined),
  ) {}

  get all(): string[] {
    return [...this.readersFor(undefined).keys()];
  }

  /** Returns values of names, read on demand; tensors have axes b h l d or document order. */
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

/** Adds flags of operators and dtypes, and the operators' axes, under names that are still free. */
function addFlags(readers: Readers, { operators, dtypes }: Capabilities, axes: readonly string[]): void {
  addIfFree(readers, 'bytes', ({ case: c }) => bytesOf(c.dtype));
  for (const name of operators) addIfFree(readers, flagOf(name), ({ case: c }) => (name === c.operator ? 1 : 0));
  for (const dtype of dtypes) addIfFree(readers, flagOf(dtype), ({ case: c }) => (dtype === c.dtype ? 1 : 0));
  for (const axis of axes) addIfFree(readers, axis, sizeOfAxis(axis));
}

/** Adds strides over document axes; tensors of another rank keep strides over b h l d. */
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

/** Adds strides of a broadcast tensor, 0 along axes of size 1. */
function addBroadcastStrides(readers: Readers, name: string): void {
  for (const [at, axis] of [...'bhmn'].entries())
    readers.set(`${name}_stride_${axis}`, ({ tensors }) => {
      const { shape = [] } = tensors[name] ?? {};
      return shape[at] === 1 ? 0 : (rowMajor(shape)[at] ?? 0);
    });
}
