import type { Property } from '../contract/property.js';

/** Property that is judged only to explain failing cases; it is no check. */
export function questionOf(asked: Pick<Property, 'name' | 'title' | 'calls' | 'judge'>): Property {
  return { ...asked, perMask: false, perFeature: false, needs: {}, unsupported: () => undefined };
}
