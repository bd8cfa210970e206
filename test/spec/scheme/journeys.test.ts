import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../spec/positions.js';
import { remapTravels, ringTravels } from '../../../spec/scheme/volume.js';
import { dims, maskOf } from './support.js';

/** The tokens of each rank, by the rank of each token. */
const placesOf = (owners: readonly number[], ranks: number) =>
  Array.from({ length: ranks }, (_, rank) => segmentsOf(owners.flatMap((owner, token) => (owner === rank ? [token] : []))));

const documents = (lengths: number[]) =>
  maskOf(dims({ b: 2, m: lengths.reduce((x, y) => x + y, 0), n: lengths.reduce((x, y) => x + y, 0) }), {
    name: 'document-causal',
    parameters: { lengths },
  });

describe('keys that go round the ranks of their document', () => {
  it('are sent by all but the rank before their owner, counted by hand', () => {
    // the first document lies on ranks 0 (two tokens), 1 and 3 (one each), the second on rank 2 alone
    const places = placesOf([0, 0, 1, 3, 2, 2], 4);
    const mask = documents([4, 0, 2]);
    // those of 0 leave 0 and 1, that of 1 leaves 1 and 3, that of 3 leaves 3 and 0
    expect([...ringTravels('key-ring', places, mask)]).toEqual([3, 3, 0, 2]);
    expect([...ringTravels('key-ring-home', places, mask)]).toEqual([4, 4, 0, 4]);
  });

  it('are all keys where the mask has no documents', () => {
    const mask = maskOf(dims({ m: 4, n: 4 }), { name: 'causal' });
    expect([...ringTravels('key-ring', placesOf([0, 1, 1, 2], 3), mask)]).toEqual([2, 3, 3]);
  });

  it('are what ranks send that pass on whatever they hold', () => {
    const drawn = fc
      .array(fc.array(fc.nat(4), { maxLength: 6 }), { minLength: 1, maxLength: 4 })
      .filter((lists) => lists.flat().length > 0);
    fc.assert(
      fc.property(drawn, (lists) => {
        const [hops, home] = [new Array(5).fill(0), new Array(5).fill(0)];
        for (const owners of lists) {
          const ring = [0, 1, 2, 3, 4].filter((rank) => owners.includes(rank));
          let held = ring.map((rank) => owners.filter((owner) => owner === rank).length);
          for (let step = 0; ring.length > 1 && step < ring.length; step++) {
            ring.forEach((rank, x) => {
              home[rank] += held[x];
              if (step < ring.length - 1) hops[rank] += held[x];
            });
            held = held.map((_, x) => held[(x + ring.length - 1) % ring.length]);
          }
        }
        const places = placesOf(lists.flat(), 5);
        const mask = documents(lists.map((owners) => owners.length));
        expect([...ringTravels('key-ring', places, mask)]).toEqual(hops);
        expect([...ringTravels('key-ring-home', places, mask)]).toEqual(home);
      }),
    );
  });
});

describe('tokens that are remapped', () => {
  const tokens = placesOf([0, 0, 1, 1, 2], 3);

  it('are sent where they have another rank, and sent back from there', () => {
    const away = placesOf([0, 1, 1, 2, 1], 3);
    expect([...remapTravels('remap', tokens, away, 5)]).toEqual([1, 1, 1]);
    expect([...remapTravels('remap-return', tokens, away, 5)]).toEqual([0, 2, 1]);
  });

  it('need somewhere to go', () => {
    expect(() => remapTravels('remap', tokens, undefined, 5)).toThrow("the scheme's program remaps none");
  });
});
