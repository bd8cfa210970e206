import { type Call, Unsupported } from '../../kernel.js';

/** Mask of the shaders: window around a query's position (−1: unbounded), documents, padding. */
export interface ShaderMask {
  readonly left: number;
  readonly right: number;
  readonly document: boolean;
  readonly padding?: 'left' | 'right';
}

const everything: ShaderMask = { left: -1, right: -1, document: false };

/** Largest width of a window, to keep positions and distances within i32. */
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

/** Masks that are passed by name. */
export const namedMasks = Object.keys(masks);

/** Returns the named mask, or the full mask for mask tensors. @throws {Unsupported} */
export function shaderMask({ case: c, tensors }: Call): ShaderMask {
  if (tensors.mask) return everything;
  const name = 'name' in c.mask ? c.mask.name : undefined;
  // for a block, only the full mask is passed by name
  if (name !== undefined && Object.hasOwn(masks, name) && (!c.block || name === 'full'))
    return masks[name](('name' in c.mask && c.mask.parameters) || {});
  if (tensors.bias) return everything;
  throw new Unsupported(`the mask ${name ?? JSON.stringify(c.mask)} is not claimed by name, and came without a tensor`);
}

function width(keys: unknown): number {
  return typeof keys === 'number' ? Math.min(keys, widest) : -1;
}
