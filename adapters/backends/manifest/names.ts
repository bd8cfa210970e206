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
const paging = ['page', 'pages', 'max_pages'];
const headed = ['q', 'k', 'v', 'do', 'o', 'dq', 'dk', 'dv'];
const dense = ['mask', 'bias'];

/** Defaults of options by name: of built-in operators, then those of others that no built-in one has. */
function optionDefaults(operators: readonly Operator[]): Map<string, Expression> {
  const defaults = new Map<string, Expression>();
  for (const { options = {} } of [...operatorDocuments, ...operators])
    for (const [name, option] of Object.entries(options)) if (!defaults.has(name)) defaults.set(name, option.default ?? 0);
  return defaults;
}

const strideNames = (name: string): string[] => [...(dense.includes(name) ? 'bhmn' : 'bhld')].map((axis) => `${name}_stride_${axis}`);

const flagOf = (mask: string): string => `is_${mask.replaceAll('-', '_')}`;

/** Names of the strides of a tensor over the axes of a document. */
function declaredStrides(operator: Operator | undefined, name: string): string[] {
  const axes = operator && axesOf(operator, name);
  return axes && !dense.includes(name) ? flatAxesOf(axes).map((axis) => `${name}_stride_${axis}`) : [];
}

function tensorsOf(operators: readonly Operator[]): string[] {
  const { inputs, outputs, cotangents, gradients } = tensorNames(operators);
  return [...inputs, ...outputs, ...cotangents, ...gradients];
}

/** Optional tensors of a call: the usual ones, and those of operators. */
function optionalTensors(operators: readonly Operator[]): string[] {
  return [...new Set([...optional, ...operators.flatMap((operator) => optionalNames({ optional: operator.optional }))])];
}

/** Tensors whose offset has a name. */
function offsetTensors(operators: readonly Operator[]): string[] {
  const { inputs, cotangents } = tensorNames(operators);
  return [...new Set(['q', 'k', 'v', 'do', ...inputs, ...cotangents])].filter((name) => !dense.includes(name));
}

/** Every name that a manifest with these capabilities may use. @param operators those that it claims, with their documents. */
export function namesFor(capabilities: Capabilities, operators: readonly Operator[] = claimedOperators(capabilities, undefined)): string[] {
  const { masks = ['full'], dtypes } = capabilities;
  const options = [...optionDefaults(operators).keys()];
  const axes = namedAxes(operators);
  const names = [
    ...dims,
    ...dims.map((dim) => `#${dim}`),
    'h',
    ...options,
    ...options.map((name) => `$${name}`),
    'offset',
    'left',
    'right',
    ...parameters,
    'side',
    'documents',
    ...paging,
    ...masks.map(flagOf),
    ...optionalTensors(operators).map((name) => `has_${name}`),
    ...[...headed, ...dense].flatMap(strideNames),
    ...offsetTensors(operators).map((name) => `${name}_offset`),
    'bytes',
    ...[...capabilities.operators, ...dtypes].map(flagOf),
    ...axes,
    ...axes.map((axis) => `#${axis}`),
    ...tensorsOf(operators).flatMap((name) => operators.flatMap((operator) => declaredStrides(operator, name))),
  ];
  return [...new Set(names)];
}

/**
 * Returns the value of every name in one call.
 * @param tensors inputs and outputs by name, their axes in the order b h l d, or that of their document, whatever the layout.
 * @param operators those that the manifest claims, with their documents.
 */
export function valuesFor(
  c: Case,
  tensors: Readonly<Record<string, Shaped>>,
  capabilities: Capabilities,
  operators: readonly Operator[] = claimedOperators(capabilities, undefined),
): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const operator = operators.find(({ name }) => name === c.operator);
  const axes = namedAxes(operators);
  for (const axis of axes) values.set(`#${axis}`, c.dims[axis] ?? 0);
  for (const dim of dims) values.set(dim, c.dims[dim]).set(`#${dim}`, c.dims[dim]);
  values.set('h', c.dims.hk * c.dims.g);
  for (const [name, usual] of optionDefaults(operators)) {
    const given = c.options[name];
    const fallback = operator?.options?.[name]?.default ?? usual;
    const value = typeof given === 'number' ? given : evaluateExpression(fallback, (dim) => values.get(dim) as number);
    values.set(name, Number.isFinite(value) ? value : 0);
  }
  if (c.options.scale === undefined && c.dialect?.defaultScale === '1') values.set('scale', 1);
  if (c.options.eps === undefined && c.dialect?.defaultEps !== undefined) values.set('eps', Number(c.dialect.defaultEps));
  for (const name of optionDefaults(operators).keys()) values.set(`$${name}`, values.get(name) as number);
  values.set('offset', queryOffset(c.dialect?.causal, c.dims.m, c.dims.n, c.block));
  values.set('documents', c.packed?.q.length ?? 0);
  const { k_pages, block_table } = tensors;
  values.set('page', k_pages?.shape[1] ?? 0);
  values.set('pages', k_pages?.shape[0] ?? 0);
  values.set('max_pages', block_table?.shape[1] ?? 0);
  addMask(values, c, tensors, capabilities);
  for (const name of optionalTensors(operators)) values.set(`has_${name}`, tensors[name] ? 1 : 0);
  for (const name of [...headed, ...dense]) addStrides(values, name, tensors[name]);
  for (const name of offsetTensors(operators)) values.set(`${name}_offset`, tensors[name]?.offset ?? 0);
  for (const name of tensorsOf(operator ? [operator] : [])) addDeclaredStrides(values, operator, name, tensors[name]);
  addFlags(values, c, capabilities, axes);
  // strides of tensors that the case's operator does not have
  for (const name of namesFor(capabilities, operators)) if (!values.has(name)) values.set(name, 0);
  return values;
}

function addMask(values: Map<string, number>, c: Case, tensors: object, { masks = ['full'] }: Capabilities): void {
  const named = 'name' in c.mask && !('mask' in tensors) && !c.block && masks.includes(c.mask.name) ? c.mask : undefined;
  const given = named?.parameters ?? {};
  const number = (name: string, absent: number): number => (typeof given[name] === 'number' ? (given[name] as number) : absent);
  for (const mask of masks) values.set(flagOf(mask), named?.name === mask ? 1 : 0);
  for (const parameter of parameters) values.set(parameter, number(parameter, 0));
  values.set('side', given.side === 'right' ? 1 : 0);
  const sliding = named?.name === 'sliding-window';
  values.set('left', sliding ? number('left', -1) : -1);
  values.set('right', named?.name === 'causal' ? 0 : sliding ? number('right', -1) : -1);
}

/** Flags of operator and dtype, and own axes by their plain names, where nothing else has that name. */
function addFlags(values: Map<string, number>, c: Case, { operators, dtypes }: Capabilities, axes: readonly string[]): void {
  const add = (name: string, value: number) => values.has(name) || values.set(name, value);
  add('bytes', bytesOf(c.dtype));
  for (const name of operators) add(flagOf(name), name === c.operator ? 1 : 0);
  for (const dtype of dtypes) add(flagOf(dtype), dtype === c.dtype ? 1 : 0);
  for (const axis of axes) add(axis, c.dims[axis] ?? 0);
}

/** Strides over the axes of the document; what has another rank, such as packed documents, has none. */
function addDeclaredStrides(values: Map<string, number>, operator: Operator | undefined, name: string, t: Shaped | undefined): void {
  const strides = declaredStrides(operator, name);
  if (strides.length !== t?.strides.length) return;
  strides.forEach((stride, axis) => {
    values.set(stride, t.strides[axis]);
  });
}

function addStrides(values: Map<string, number>, name: string, t: Shaped | undefined): void {
  const broadcast = dense.includes(name);
  const strides = t && (broadcast ? rowMajor(t.shape) : t.strides);
  strideNames(name).forEach((stride, axis) => {
    values.set(stride, t && strides && !(broadcast && t.shape[axis] === 1) ? (strides[axis] ?? 0) : 0);
  });
  if (!broadcast) values.set(`${name}_offset`, t?.offset ?? 0);
}
