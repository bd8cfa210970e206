import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { withScratch } from '../../../spec/program/scratch.js';
import { elements, offsets, type Sizes, samePlaces } from '../../../spec/program/tensor.js';

const names = ['b', 'hk', 'm', 'n'];

/** Some axes in some order, and a size for every axis, many of them 0 and 1. */
const axes = fc.shuffledSubarray(names);
const sizes = fc.tuple(...names.map(() => fc.constantFrom(0, 1, 1, 2, 3, 7))).map(toSizes);

function toSizes(counts: readonly number[]): Sizes {
  return Object.fromEntries(names.map((name, at) => [name, counts[at]]));
}

/** Offset of each element of a space in a tensor, from its index along every axis. */
function offsetsByIndex(own: readonly string[], space: readonly string[], of: Sizes): number[] {
  return Array.from({ length: elements(space, of) }, (_, element) => {
    const index: Record<string, number> = {};
    let rest = element;
    for (const axis of space.toReversed()) {
      index[axis] = rest % of[axis];
      rest = Math.floor(rest / of[axis]);
    }
    return own.reduce((at, axis) => at * of[axis] + (index[axis] ?? 0), 0);
  });
}

describe('places of elements', () => {
  test.prop([axes, axes, sizes])('are those of their indices, the first time and again', (own, space, of) => {
    const expected = offsetsByIndex(own, space, of);
    withScratch(() => {
      expect([...offsets(own, space, of)]).toEqual(expected);
      expect([...offsets(own, space, of)]).toEqual(expected);
    });
    expect([...offsets(own, space, of)]).toEqual(expected);
  });

  test.prop([axes, axes, sizes])("are the elements' own where no axis of more than one element tells them apart", (own, space, of) => {
    const isSame = samePlaces(own, space, of);
    const places = offsetsByIndex(own, space, of);
    if (isSame) expect(places).toEqual(places.map((_, at) => at));
    // the other way round, an axis of no elements leaves nothing to tell apart
    else if (places.length > 0 && !own.some((axis) => !space.includes(axis) && of[axis] > 1))
      expect(places).not.toEqual(Array.from({ length: elements(own, of) }, (_, at) => at));
  });
});
