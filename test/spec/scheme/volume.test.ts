import { describe, expect, it } from 'vitest';
import { checkScheme } from '../../../spec/scheme/check.js';
import { type SchemeLayout, volumeOf } from '../../../spec/scheme/volume.js';
import { worldOf } from '../../../spec/scheme/world.js';
import type { DType, Expression, Mask, Scheme, Volume } from '../../../spec/types/documents.js';
import { dims, maskOf, schemeNamed, sharded, whole } from './support.js';

/** A scheme of contiguous shards, with this volume. */
function contiguousWith(forward: Volume, more: Partial<Scheme> = {}): Scheme {
  return { ...schemeNamed('ring'), ...more, volume: { forward } };
}

function bytes(scheme: Scheme, mask: Mask, size: Parameters<typeof dims>[0], ranks: number, layout: SchemeLayout, dtype: DType = 'f32') {
  const d = dims(size);
  return [...volumeOf(worldOf(scheme, d, ranks), layout, maskOf(d, mask), 'forward', dtype)];
}

describe('the volume of a ring, counted by hand', () => {
  // two batch entries, two tokens a rank: K = 2·1·2·3 = 12 elements, V = 2·1·2·1 = 4
  const d = dims({ b: 2, g: 2, m: 6, n: 6, d: 3, e: 1 });
  const ring = (direction: 'forward' | 'backward', dtype: DType, sink = false, ranks = 3) => {
    const world = worldOf(schemeNamed('ring'), d, ranks, sink);
    return [...volumeOf(world, sharded(world), maskOf(d, { name: 'full' }), direction, dtype)];
  };

  it('is k and v over two hops, forward', () => {
    expect(ring('forward', 'f16')).toEqual([64, 64, 64]);
    expect(ring('forward', 'f64')).toEqual([256, 256, 256]);
  });

  it('has gradients as partial sums over three hops, and the sink for all, backward', () => {
    expect(ring('backward', 'f16')).toEqual([64 + 192, 64 + 192, 64 + 192]);
    expect(ring('backward', 'f16', true)).toEqual([64 + 192 + 16, 64 + 192 + 16, 64 + 192 + 16]);
    expect(ring('backward', 'f64')).toEqual([256 + 384, 256 + 384, 256 + 384]);
  });

  it('is nothing on one rank', () => {
    expect(ring('backward', 'f64', true, 1)).toEqual([0]);
  });
});

describe('sums over places', () => {
  const two = { keys: [whole(0, 2), whole(2, 2)], queries: [whole(0, 2), whole(2, 2)] };
  const key = contiguousWith([{ what: 'k', each: 'key', width: ['*', 'b', 'd'], as: 'storage' }]);
  const back = contiguousWith([{ what: 'dk', each: 'key-return', width: 'd', as: 'accumulator' }]);

  it('counts a key once for each rank that sees it', () => {
    expect(bytes(key, { name: 'causal' }, { m: 4, n: 4, d: 3 }, 2, two)).toEqual([2 * 3 * 4, 0]);
    expect(bytes(key, { name: 'full' }, { m: 4, n: 4, d: 3 }, 2, two)).toEqual([2 * 3 * 4, 2 * 3 * 4]);
    expect(bytes(key, { name: 'sliding-window', parameters: { left: 1, right: 0 } }, { m: 4, n: 4, d: 3 }, 2, two)).toEqual([12, 0]);
  });

  it('takes a key along where any batch entry sees it, for all of them', () => {
    const mask = { name: 'padding', parameters: { lengths: [3, 0], side: 'right' } };
    expect(bytes(key, mask, { b: 2, m: 4, n: 4, d: 1 }, 2, two)).toEqual([2 * 2 * 4, 1 * 2 * 4]);
  });

  it('counts what comes back at the ranks that saw it, as partial sums', () => {
    expect(bytes(back, { name: 'causal' }, { m: 4, n: 4, d: 3 }, 2, two, 'f16')).toEqual([0, 2 * 3 * 4]);
  });

  it('counts a token for each other rank with a width of its own, there and back', () => {
    // from owner r to rank s, token t: t elements to later ranks alone
    const width: Expression = ['*', 't', ['min', 1, ['max', 0, ['-', 's', 'r']]]];
    const layout = { keys: [whole(0, 2), whole(2, 1), whole(3, 2)], queries: [] };
    const there = contiguousWith([{ what: 'k', each: 'token', width, as: 'storage' }]);
    const again = contiguousWith([{ what: 'dk', each: 'token-return', width, as: 'accumulator' }]);
    const size = { m: 4, n: 4 };
    // token 4 is padding
    expect(bytes(there, { name: 'full' }, size, 3, layout, 'f16')).toEqual([(0 + 1) * 2 * 2, 2 * 2, 0]);
    expect(bytes(again, { name: 'full' }, size, 3, layout, 'f16')).toEqual([0, (0 + 1) * 4, (0 + 1 + 2) * 4]);
    expect(() => checkScheme(contiguousWith([{ what: 'k', each: 'key', width, as: 'storage' }]))).toThrow(
      /\$\.volume\.forward\[0\]\.width/,
    );
  });

  it('leaves padding out', () => {
    expect(bytes(key, { name: 'full' }, { m: 3, n: 3, d: 1 }, 2, two)).toEqual([8, 4]);
  });

  it('counts a query once for each other rank of which it sees a key', () => {
    // the second of two queries sees all five keys, the first all but the last
    const layout = { keys: [whole(0, 2), whole(2, 2), whole(4, 1)], queries: [whole(0, 2), [], []] };
    const forth = contiguousWith([{ what: 'q', each: 'query', width: 'd', as: 'storage' }], { queries: 'root', uneven: 'any' });
    const again = contiguousWith([{ what: 'o', each: 'query-return', width: 'e', as: 'accumulator' }], { queries: 'root', uneven: 'any' });
    expect(bytes(forth, { name: 'causal' }, { m: 2, n: 5, d: 3, e: 2 }, 3, layout, 'f16')).toEqual([3 * 3 * 2, 0, 0]);
    expect(bytes(again, { name: 'causal' }, { m: 2, n: 5, d: 3, e: 2 }, 3, layout, 'f16')).toEqual([0, 2 * 2 * 4, 1 * 2 * 4]);
  });

  it('has no owner of a query where all ranks have all', () => {
    expect(() => checkScheme({ ...key, queries: 'replicated' })).toThrow(/\$\.volume\.forward\[0\]\.each/);
  });
});

it('lightseq on four ranks of one token sends what its schedule says', () => {
  const d = dims({ m: 4, n: 4, d: 1, e: 1 });
  const world = worldOf(schemeNamed('lightseq'), d, 4);
  const elements = (direction: 'forward' | 'backward') =>
    [...volumeOf(world, sharded(world), maskOf(d, { name: 'causal' }), direction, 'f64')].map((x) => x / 8);
  // rank 0 gives k and v to 1 and 2, and o and LSE back to 3, which it helps; 1 gives to 2 and 3; 2 to 3; 3 sends its q to 0
  expect(elements('forward')).toEqual([4 + 2, 4, 2, 1]);
  // dk and dv return; 3 also sends o, do and LSE, 0 returns dq
  expect(elements('backward')).toEqual([4 + 1, 4 + 2, 2 + 4, 4 + 4]);
});

it('a parameter is not named like the token or the rank', () => {
  for (const name of ['t', 'r']) {
    expect(() => checkScheme({ ...schemeNamed('ring'), parameters: { [name]: 1 } })).toThrow(`"${name}" is already taken`);
  }
});
