import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import { queryOffset } from '../../../spec/mask/query-offset.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { rowMajor } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case, Tensor } from '../../adapter.js';

/*
 * Names that the expressions of a manifest may use:
 *
 *   b hk g m n d e       the case's dimensions (#m is the same as m); h is hk·g, the query heads
 *   scale softcap eps    options: their value or default; 0 if there is none
 *   offset               number added to a query's index to get its position among the keys: n − m, or 0 in the top-left dialect
 *   left right           keys seen on either side of a query's position, −1 unbounded: −1 0 for causal, as given for sliding-window,
 *                        else −1 −1
 *   window prefix block  parameters of the case's mask, 0 if it has none of that name; side is 0 for left and 1 for right padding
 *   is_causal …          1 if the case's mask is the one of that name, for each mask that the capabilities claim (- becomes _)
 *   documents            number of packed documents: one less than the entries of cu_q and cu_k; 0 if the case is not packed
 *   page pages max_pages  slots of a page, pages of the cache, entries of a row of the table; 0 if the call has no pages
 *   has_mask …           1 if the call has that optional tensor
 *   q_stride_l …         strides in elements: of q k v do o dq dk dv over b h l d, of mask and bias over b h m n (0 where the size is 1)
 *   q_offset …           index of the first element of q k v do, if strided tensors are claimed
 *
 * If the mask is passed as a tensor, that tensor alone describes it: every is_… is 0, and left and right are −1.
 */

const dims = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'] as const;
const optional = ['mask', 'bias', 'alibi', 'sink', 'dlse', 'document', 'lengths', 'blocks', 'blockEdges'];
const parameters = ['window', 'prefix', 'block'];
const paging = ['page', 'pages', 'max_pages'];
const headed = ['q', 'k', 'v', 'do', 'o', 'dq', 'dk', 'dv'];
const dense = ['mask', 'bias'];

const optionDefaults = new Map(
  operatorDocuments.flatMap((operator) => Object.entries(operator.options ?? {}).map(([name, option]) => [name, option.default ?? 0])),
);

const strideNames = (name: string): string[] => [...(dense.includes(name) ? 'bhmn' : 'bhld')].map((axis) => `${name}_stride_${axis}`);

const flagOf = (mask: string): string => `is_${mask.replaceAll('-', '_')}`;

/** Every name that a manifest with these capabilities may use. */
export function namesFor({ masks = ['full'] }: Capabilities): string[] {
  return [
    ...dims,
    ...dims.map((dim) => `#${dim}`),
    'h',
    ...optionDefaults.keys(),
    'offset',
    'left',
    'right',
    ...parameters,
    'side',
    'documents',
    ...paging,
    ...masks.map(flagOf),
    ...optional.map((name) => `has_${name}`),
    ...[...headed, ...dense].flatMap(strideNames),
    ...['q', 'k', 'v', 'do'].map((name) => `${name}_offset`),
  ];
}

/** Shape, strides and offset of a tensor that a call has, or that its outputs will have. */
export type Shaped = Pick<Tensor, 'shape' | 'strides' | 'offset'>;

/**
 * Returns the value of every name in one call.
 * @param tensors inputs and outputs by name, their axes in the order b h l d whatever the layout.
 */
export function valuesFor(c: Case, tensors: Readonly<Record<string, Shaped>>, capabilities: Capabilities): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const dim of dims) values.set(dim, c.dims[dim]).set(`#${dim}`, c.dims[dim]);
  values.set('h', c.dims.hk * c.dims.g);
  for (const [name, fallback] of optionDefaults) {
    const given = c.options[name];
    values.set(name, typeof given === 'number' ? given : evaluateExpression(fallback, (dim) => values.get(dim) as number));
  }
  if (c.options.scale === undefined && c.dialect?.defaultScale === '1') values.set('scale', 1);
  if (c.options.eps === undefined && c.dialect?.defaultEps !== undefined) values.set('eps', Number(c.dialect.defaultEps));
  values.set('offset', queryOffset(c.dialect?.causal, c.dims.m, c.dims.n, c.block));
  values.set('documents', c.packed?.q.length ?? 0);
  const { k_pages, block_table } = tensors;
  values.set('page', k_pages?.shape[1] ?? 0);
  values.set('pages', k_pages?.shape[0] ?? 0);
  values.set('max_pages', block_table?.shape[1] ?? 0);
  addMask(values, c, tensors, capabilities);
  for (const name of optional) values.set(`has_${name}`, tensors[name] ? 1 : 0);
  for (const name of [...headed, ...dense]) addStrides(values, name, tensors[name]);
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

function addStrides(values: Map<string, number>, name: string, t: Shaped | undefined): void {
  const broadcast = dense.includes(name);
  const strides = t && (broadcast ? rowMajor(t.shape) : t.strides);
  strideNames(name).forEach((stride, axis) => {
    values.set(stride, t && strides && !(broadcast && t.shape[axis] === 1) ? strides[axis] : 0);
  });
  if (!broadcast) values.set(`${name}_offset`, t?.offset ?? 0);
}
