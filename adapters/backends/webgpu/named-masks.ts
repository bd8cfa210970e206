import { type Call, Unsupported } from '../../kernel.js';

/** Mask as the shaders apply it: a window around a query's position (−1: unbounded), equal documents, and padding of the keys. */
export interface ShaderMask {
  readonly left: number;
  readonly right: number;
  readonly document: boolean;
  readonly padding?: 'left' | 'right';
}

const everything: ShaderMask = { left: -1, right: -1, document: false };

/** Largest width of a window that the shaders get, so that positions and distances stay within i32. */
const widest = 2 ** 30;

type Values = Readonly<Record<string, unknown>>;

const masks: Readonly<Record<string, (values: Values) => ShaderMask>> = {
  full: () => everything,
  causal: () => ({ ...everything, right: 0 }),
  'sliding-window': ({ left, right }) => ({ ...everything, left: width(left), right: width(right) }),
  padding: ({ side }) => ({ ...everything, padding: side === 'left' ? 'left' : 'right' }),
  document: () => ({ ...everything, document: true }),
  'document-causal': () => ({ ...everything, right: 0, document: true }),
};

/** Names of the masks that are passed by name and not as tensors. */
export const namedMasks = Object.keys(masks);

/**
 * Returns the mask that the case names; the full mask if a tensor, mask or bias, holds it.
 * @throws {Unsupported} for a mask that was passed in neither way.
 */
export function shaderMask({ case: c, tensors }: Call): ShaderMask {
  if (tensors.mask) return everything;
  const name = 'name' in c.mask ? c.mask.name : undefined;
  // for a block, only the full mask is passed by name; any other is a slice of a tensor
  if (name !== undefined && Object.hasOwn(masks, name) && (!c.block || name === 'full'))
    return masks[name](('name' in c.mask && c.mask.parameters) || {});
  if (tensors.bias) return everything;
  throw new Unsupported(`the mask ${name ?? JSON.stringify(c.mask)} is not claimed by name, and came without a tensor`);
}

function width(keys: unknown): number {
  return typeof keys === 'number' ? Math.min(keys, widest) : -1;
}
