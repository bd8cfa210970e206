import { flatAxesOf, inputsOf, layoutForm, ownAxes } from '../../../spec/operator/facts.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Capabilities, Operator } from '../../../spec/types/documents.js';
import { Unavailable } from '../../kernel.js';
import type { ModelPort, ModelPorts } from './user-model-ports.js';

export type ModelLayout = 'bhld' | 'blhd';

/** Returns the axes of each required input in a layout, with adjacent hk and g as h. */
function axesIn(layout: ModelLayout, operator: Operator): [string, string[]][] {
  return Object.entries(inputsOf(operator)).flatMap(([name, { axes, optional }]): [string, string[]][] => {
    if (optional) return [];
    const flat = flatAxesOf(axes);
    const [b, heads, tokens, channels] = flat;
    return [[name, layout === 'blhd' && layoutForm(flat) === 'tokens' ? [b, tokens, heads, channels] : flat]];
  });
}

/** Derives claims from a model's ports. @throws {Unavailable} if its shapes contradict. */
export function capabilitiesOf(
  path: string,
  { inputs, outputs, dtype }: ModelPorts,
  layout: ModelLayout,
  operator: Operator = plainOperator,
): Capabilities {
  const declared = axesIn(layout, operator);
  const sizes = new Map<string, number | string>();
  for (const [name, axes] of declared) {
    for (const [at, size] of (inputs.get(name) as ModelPort).shape.entries()) {
      const axis = axes[at];
      const known = sizes.get(axis);
      if (typeof known === 'number' && typeof size === 'number' && known !== size)
        throw new Unavailable(
          `${path}: ${namesIn(declared)} have different sizes of axis ${axis}: ${known} and ${size}`,
          'give this axis one size in the shapes of its inputs',
        );
      if (typeof known !== 'number') sizes.set(axis, size);
    }
  }
  return {
    dtypes: [dtype],
    operators: [operator.name],
    layouts: [layout],
    ...maskCapabilities(path, inputs),
    options: optionsOf(operator).filter((name) => inputs.has(name)),
    outputs: Object.keys(operator.outputs).filter((name) => outputs.has(name)),
    ...headCapabilities(path, sizes, ownAxes(operator)),
  };
}

function namesIn(declared: readonly [string, unknown][]): string {
  const names = declared.map(([name]) => name);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function optionsOf(operator: Operator): string[] {
  return operator.name === plainOperator.name ? ['bias', 'alibi', 'sink', 'scale'] : Object.keys(operator.options ?? {});
}

function maskCapabilities(path: string, inputs: ModelPorts['inputs']): Partial<Capabilities> {
  const [mask, bias] = [inputs.get('mask'), inputs.get('bias')];
  const shapes = [mask, bias].flatMap((port) =>
    port ? [['b', 'h', 'm', 'n'].map((axis, at) => (port.shape[at] === 1 && axis !== 'n' ? '1' : axis)).join(' ')] : [],
  );
  if (new Set(shapes).size > 1)
    throw new Unavailable(`${path}: mask has the shape [${shapes[0]}], but bias has the shape [${shapes[1]}]`, 'give both the same shape');
  const denseMask = mask && bias ? 'both' : mask ? 'boolean' : bias ? 'additive' : false;
  return { denseMask, ...(shapes.length > 0 && { denseMaskShapes: [shapes[0]] }) };
}

function headCapabilities(path: string, sizes: ReadonlyMap<string, number | string>, own: readonly string[]): Partial<Capabilities> {
  const limits: NonNullable<Capabilities['limits']> = {};
  for (const axis of ['b', 'hk', 'm', 'n', 'd', 'e', ...own]) {
    const size = sizes.get(axis);
    if (typeof size === 'number') limits[axis] = [size];
  }
  const same = (x: string, y: string) => typeof sizes.get(x) === 'string' && sizes.get(x) === sizes.get(y);
  if (same('m', 'n')) limits.m = '=n';
  if (same('d', 'e')) limits.e = '=d';
  for (const axis of own) {
    const other = [...sizes.keys()].find((known) => known !== axis && known !== 'h' && !own.includes(known) && same(axis, known));
    if (other !== undefined) limits[axis] = `=${other}`;
  }
  const [h, hk] = [sizes.get('h'), sizes.get('hk')];
  if (typeof h === 'number') {
    if (typeof hk !== 'number' || h % hk !== 0)
      throw new Unavailable(
        `${path}: q has ${h} heads, but k has ${hk ?? 'any number'}`,
        'give k a fixed number of heads that divides the number of heads of q',
      );
    limits.g = [h / hk];
  }
  return { limits, ...(same('h', 'hk') && { grouped: false }) };
}
