import { type Call, Unsupported } from '../../kernel.js';

/** A mask as the shaders apply it: a window around a query's place (−1: no end), equal documents, and each batch entry's keys. */
export interface NamedMask {
  readonly left: number;
  readonly right: number;
  readonly document: boolean;
  readonly padding?: 'left' | 'right';
}

const everything: NamedMask = { left: -1, right: -1, document: false };

/** No window is wider than this: places and distances stay within i32. */
const widest = 2 ** 30;

type Values = Readonly<Record<string, unknown>>;

const masks: Readonly<Record<string, (values: Values) => NamedMask>> = {
  full: () => everything,
  causal: () => ({ ...everything, right: 0 }),
  'sliding-window': ({ left, right }) => ({ ...everything, left: width(left), right: width(right) }),
  padding: ({ side }) => ({ ...everything, padding: side === 'left' ? 'left' : 'right' }),
  document: () => ({ ...everything, document: true }),
  'document-causal': () => ({ ...everything, right: 0, document: true }),
};

/** Masks that travel by name. */
export const namedMasks = Object.keys(masks);

/** What the mask's name says; everything where a tensor is the mask. @throws {Unsupported} for a mask that came in neither way. */
export function namedMask({ case: c, tensors }: Call): NamedMask {
  if (tensors.mask) return everything;
  const name = 'name' in c.mask ? c.mask.name : undefined;
  // of a block only the full mask travels by name; any other is a slice
  if (name !== undefined && Object.hasOwn(masks, name) && (!c.block || name === 'full'))
    return masks[name](('name' in c.mask && c.mask.parameters) || {});
  if (tensors.bias) return everything;
  throw new Unsupported(`the mask ${name ?? JSON.stringify(c.mask)} came without a tensor`);
}

function width(keys: unknown): number {
  return typeof keys === 'number' ? Math.min(keys, widest) : -1;
}
