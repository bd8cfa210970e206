import type { Feature } from '../../generators/lib/needs.js';
import type { DType } from '../../spec/types/documents.js';
import type { CheckParts } from '../contract/check.js';

/** Formats an id: operator[+feature]/mask/property/dtype[@scheme]. */
export function formatCheckId({ operator, feature, mask, property, dtype, scheme }: CheckParts): string {
  return `${operator}${feature ? `+${feature}` : ''}/${mask}/${property}/${dtype}${scheme ? `@${scheme}` : ''}`;
}

/** Parses an id. Returns undefined if it is malformed. */
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
