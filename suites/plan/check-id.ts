import type { Feature } from '../../generators/needs.js';
import type { DType } from '../../spec/types/documents.js';

/** Parts of a check id (CONTRACTS: checks). */
export interface CheckParts {
  readonly operator: string;
  readonly feature?: Feature;
  /** Name of a mask, or `any` if the masks are drawn. */
  readonly mask: string;
  readonly property: string;
  readonly dtype: DType;
  /** Scheme on whose ranks the case is computed. */
  readonly scheme?: string;
}

/** Formats an id: operator[+feature]/mask/property/dtype[@scheme], such as softmax+softcap/any/gradient/f16. */
export function formatCheckId({ operator, feature, mask, property, dtype, scheme }: CheckParts): string {
  return `${operator}${feature ? `+${feature}` : ''}/${mask}/${property}/${dtype}${scheme ? `@${scheme}` : ''}`;
}

/** Parses an id. Returns undefined if it does not have the form of one. */
export function parseCheckId(id: string): CheckParts | undefined {
  const found = /^([a-z0-9-]+)(?:\+([a-z-]+))?\/([a-z0-9-]+)\/([a-z0-9-]+)\/([a-z0-9]+)(?:@([a-z0-9-]+))?$/.exec(id);
  if (!found) return undefined;
  const [, operator, feature, mask, property, dtype, scheme] = found;
  return {
    operator,
    ...(feature !== undefined && { feature: feature as Feature }),
    mask,
    property,
    dtype: dtype as DType,
    ...(scheme !== undefined && { scheme }),
  };
}
