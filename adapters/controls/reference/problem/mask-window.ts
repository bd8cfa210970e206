import { type Call, Unsupported } from '../../../kernel.js';

/** Keys visible left and right of a query's position; −1: all. */
export interface MaskWindow {
  readonly left: number;
  readonly right: number;
}

const everything: MaskWindow = { left: -1, right: -1 };

/** Returns the named mask's window, unbounded for mask tensors. @throws {Unsupported} */
export function maskWindow({ case: c, tensors }: Call, named: readonly string[]): MaskWindow {
  if (tensors.mask) return everything;
  const name = 'name' in c.mask ? c.mask.name : undefined;
  if (name === undefined || !named.includes(name)) {
    if (tensors.bias) return everything;
    throw new Unsupported(`the mask ${name ?? JSON.stringify(c.mask)} is not claimed by name, and came without a tensor`);
  }
  const { left, right } = ('name' in c.mask ? c.mask.parameters : undefined) ?? {};
  switch (name) {
    case 'full':
      return everything;
    case 'causal':
      return { left: -1, right: 0 };
    case 'sliding-window':
      return { left: Number(left ?? -1), right: Number(right ?? -1) };
    default:
      throw new Unsupported(`the mask ${name} is not implemented`);
  }
}
