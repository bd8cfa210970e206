import { profileDocuments } from '../../spec/profiles/index.js';
import type { Property } from '../contract/property.js';
import { allProperties } from './all.js';

const named = [...new Set(profileDocuments.flatMap((profile) => profile.properties))];
const placeOf = ({ name }: Property) => (named.includes(name) ? named.indexOf(name) : named.length);

/** Every property, in the order in which profiles name them. */
export const properties: readonly Property[] = [...allProperties].sort((a, b) => placeOf(a) - placeOf(b));

const byName = new Map(properties.map((property) => [property.name, property]));

export function propertyNamed(name: string): Property | undefined {
  return byName.get(name);
}
