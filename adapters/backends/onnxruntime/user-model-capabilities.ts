import type { Capabilities } from '../../../spec/types/documents.js';
import { Unavailable } from '../../kernel.js';
import type { ModelPort, ModelPorts } from './user-model-ports.js';

/** Axes of q, k and v in each layout. */
const axesOf = {
  bhld: { q: ['b', 'h', 'm', 'd'], k: ['b', 'hk', 'n', 'd'], v: ['b', 'hk', 'n', 'e'] },
  blhd: { q: ['b', 'm', 'h', 'd'], k: ['b', 'n', 'hk', 'd'], v: ['b', 'n', 'hk', 'e'] },
} as const;

export type ModelLayout = keyof typeof axesOf;

/**
 * Returns the capabilities of a model by its inputs and outputs: dimensions that are fixed, or that share a name, become limits.
 * @throws {Unavailable} if shapes of the inputs contradict each other.
 */
export function capabilitiesOf(path: string, { inputs, outputs, dtype }: ModelPorts, layout: ModelLayout): Capabilities {
  const sizes = new Map<string, number | string>();
  for (const [name, axes] of Object.entries(axesOf[layout])) {
    for (const [at, size] of (inputs.get(name) as ModelPort).shape.entries()) {
      const axis = axes[at];
      const known = sizes.get(axis);
      if (typeof known === 'number' && typeof size === 'number' && known !== size)
        throw new Unavailable(
          `${path}: q, k and v have different sizes of axis ${axis}: ${known} and ${size}`,
          'give this axis one size in the shapes of its inputs',
        );
      if (typeof known !== 'number') sizes.set(axis, size);
    }
  }
  return {
    dtypes: [dtype],
    operators: ['softmax'],
    layouts: [layout],
    ...maskCapabilities(path, inputs),
    options: ['bias', 'alibi', 'sink', 'scale'].filter((name) => inputs.has(name)),
    outputs: outputs.has('lse') ? ['o', 'lse'] : ['o'],
    ...headCapabilities(path, sizes),
  };
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

function headCapabilities(path: string, sizes: ReadonlyMap<string, number | string>): Partial<Capabilities> {
  const limits: NonNullable<Capabilities['limits']> = {};
  for (const axis of ['b', 'hk', 'm', 'n', 'd', 'e'] as const) {
    const size = sizes.get(axis);
    if (typeof size === 'number') limits[axis] = [size];
  }
  const same = (x: string, y: string) => typeof sizes.get(x) === 'string' && sizes.get(x) === sizes.get(y);
  if (same('m', 'n')) limits.m = '=n';
  if (same('d', 'e')) limits.e = '=d';
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
