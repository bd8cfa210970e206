import fc from 'fast-check';
import { counted, counts, type Flat } from '../lib/flat.js';
import type { Field, Part } from '../lib/part.js';
import { parts } from './parts.js';

const fieldsOf = (when: keyof Part['fields']) => parts.flatMap(({ fields }) => fields[when] ?? []);

/** Fields of a flat case in the order in which they shrink: kinds before sizes. */
export const table: readonly Field[] = [
  ['packed', 0, true],
  ['cached', 0, true],
  ['cache', 0, true],
  ['composition', 0, true],
  ...counted('mask', counts.masks).map((name) => [name, 0, true] as const),
  ...counted('change', counts.changes).map((name) => [name, 0, true] as const),
  ['distribution', 0, true],
  ['layout', 0, true],
  ...fieldsOf('form'),
  ...counted('option', counts.options).map((name) => [name, 0, true] as const),
  ['production', 0, true],
  ...fieldsOf('count'),
  ...['b', 'hk', 'g', 'n', 'm', 'd', 'e', ...counted('axis', counts.axes)].map((axis) => [axis, 1] as const),
  ...fieldsOf('lengths'),
  ['operations', 1],
  ...counted('kind', counts.operations).map((name) => [name, 0, true] as const),
  ...counted('sequence', counts.operations).map((name) => [name, 0, true] as const),
  ...counted('count', counts.operations).map((name) => [name, 1] as const),
  ...counted('tokens', counts.operations).map((name) => [name, 1] as const),
  ['packs', 0],
  ...counted('packedQueries', counts.packs).map((name) => [name, 0] as const),
  ...counted('packedKeys', counts.packs).map((name) => [name, 0] as const),
  ['documents', 0],
  ...counted('document', counts.documents).map((name) => [name, 0] as const),
  ...counted('keys', counts.keys).map((name) => [name, 0] as const),
  ...Array.from({ length: counts.masks }, (_, mask) => counted(`parameter${mask}.`, counts.slots).map((name) => [name, 0] as const)).flat(),
  ...fieldsOf('last'),
  ['poison', 0, true],
  ['seed', 0],
];

export const simplest: Flat = Object.fromEntries(table.map(([name, floor]) => [name, floor]));

const naturals = fc.integer({ min: 0 });
const positives = fc.integer({ min: 1 });

/** Flat case with every field as small as possible while `same` holds. @param kept fixed fields. */
export function settled(flat: Flat, kept: readonly string[], same: (candidate: Flat) => boolean): Flat {
  let settledSoFar = flat;
  for (const field of table) {
    if (kept.includes(field[0])) continue;
    let found: Flat | undefined = settledSoFar;
    while (found !== undefined) {
      settledSoFar = found;
      found = undefined;
      for (const value of smallerValues(field, settledSoFar[field[0]])) {
        const candidate: Flat = { ...settledSoFar, [field[0]]: value };
        if (!same(candidate)) continue;
        found = candidate;
        break;
      }
    }
  }
  return settledSoFar;
}

/** Smaller values of a field, largest steps first. */
export function* smallerValues([, floor, choice]: Field, value: number): Generator<number> {
  if (choice) {
    for (let x = floor; x < value; x++) yield x;
  } else {
    for (const { value: x } of (floor === 0 ? naturals : positives).shrink(value, undefined)) yield x;
  }
}
