import type { Property } from '../contract/property.js';

/** Question that failing cases alone are asked: it is judged as a property is, and is no check. */
export function questionOf(asked: Pick<Property, 'name' | 'title' | 'calls' | 'judge'>): Property {
  return { ...asked, perMask: false, perFeature: false, needs: {}, unsupported: () => undefined };
}
