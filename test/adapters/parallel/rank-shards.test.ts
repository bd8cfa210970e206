import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deviatingRanks, ofRank } from '../../../adapters/parallel/job/rank-outputs.js';
import { fromShards, type RankShard } from '../../../adapters/parallel/job/rank-shards.js';
import { shapeInLayout } from '../../../spec/operator/layout.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import { placesOf, segmentsOf } from '../../../spec/positions.js';
import { sizeOf, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';

const problem = (m: number, n: number, layout: Case['layout']): Case => ({
  operator: 'softmax',
  dims: { b: layout === 'thd' ? 1 : 2, hk: 1, g: 2, m, n, d: 3, e: 2 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f32',
  layout,
  values: { distribution: 'normal', seed: 0 },
  parallel: { scheme: 'mine', ranks: 3, transport: 'own' },
});

/** Every element is its own place. */
function numbered(shape: readonly number[]): Tensor {
  return tensor(
    'f32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => i),
  );
}

/** Takes places of an axis out of a tensor, element by element. */
function taken(t: Tensor, axis: number, places: Int32Array): Tensor {
  const shape = t.shape.map((size, x) => (x === axis ? places.length : size));
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    let from = 0;
    let rest = i;
    for (let x = shape.length - 1; x >= 0; x--) {
      const index = rest % shape[x];
      rest = Math.floor(rest / shape[x]);
      from += (x === axis ? places[index] : index) * t.strides[x];
    }
    return t.data[from];
  });
  return tensor('f32', shape, data);
}

const drawn = fc
  .record({ m: fc.integer({ min: 0, max: 7 }), n: fc.integer({ min: 1, max: 7 }), layout: fc.constantFrom('bhld', 'blhd', 'thd') })
  .chain(({ m, n, layout }) => {
    const owners = (size: number) => fc.array(fc.integer({ min: 0, max: 2 }), { minLength: size, maxLength: size });
    return fc.record({ m: owners(m), n: owners(n), c: fc.constant(problem(m, n, layout as Case['layout'])) });
  });

/** Places that each of three ranks has, in ascending order. */
const ofEach = (owners: readonly number[]) =>
  [0, 1, 2].map((rank) => segmentsOf(owners.flatMap((owner, place) => (owner === rank ? [place] : []))));

/** The outputs of a backward pass, and the axis along which each is cut. */
const cuts: Readonly<Record<string, [axis: 'm' | 'n', of: readonly string[]]>> = {
  o: ['m', plainOperator.outputs.o],
  lse: ['m', plainOperator.outputs.lse],
  dq: ['m', plainOperator.outputs.o.map((axis) => (axis === 'e' ? 'd' : axis))],
  dk: ['n', ['b', 'hk', 'n', 'd']],
  dbias: ['m', ['b', 'hk', 'g', 'm', 'n']],
};

function shardsOf(c: Case, owners: Readonly<Record<'m' | 'n', readonly number[]>>) {
  const whole: Tensors = { dsink: numbered([2]) };
  const ranks: { outputs: Tensors; places: RankShard['places'] }[] = ofEach(owners.m).map((m, rank) => ({
    outputs: { dsink: whole.dsink },
    places: { m, n: ofEach(owners.n)[rank] },
  }));
  for (const [name, [axis, of]] of Object.entries(cuts)) {
    const shape = shapeInLayout(of, c);
    whole[name] = numbered(shape);
    // thd has no batch axis and, of what has channels, exchanges heads and tokens, as blhd does
    const flat = of.filter((axis) => axis !== 'g' && !(c.layout === 'thd' && axis === 'b' && name !== 'dbias'));
    const heads = flat.indexOf('hk');
    if (c.layout !== 'bhld' && ['o', 'dq', 'dk'].includes(name)) [flat[heads], flat[heads + 1]] = [flat[heads + 1], flat[heads]];
    for (const { outputs, places } of ranks) outputs[name] = taken(whole[name], flat.indexOf(axis), placesOf(places[axis]));
  }
  return { whole, ranks };
}

it('shards that were cut from the whole make up the whole, and tell whose each place is', () => {
  fc.assert(
    fc.property(drawn, ({ c, m, n }) => {
      const { whole, ranks } = shardsOf(c, { m, n });
      const { 'owner.m': ofQuery, 'owner.n': ofKey, ...outputs } = fromShards(plainOperator, c, ranks);
      expect([...ofQuery.data]).toEqual(m);
      expect([...ofKey.data]).toEqual(n);
      expect(Object.keys(outputs).sort()).toEqual(Object.keys(whole).sort());
      for (const [name, t] of Object.entries(outputs))
        expect([name, t.shape, [...t.data]]).toEqual([name, whole[name].shape, [...whole[name].data]]);
    }),
  );
});

it('what is whole on every rank is judged on every rank that has another', () => {
  const c = problem(3, 3, 'bhld');
  const { whole, ranks } = shardsOf(c, { m: [0, 1, 2], n: [2, 1, 0] });
  ranks[2].outputs.dsink = tensor('f32', [2], Float32Array.of(5, 6));
  const outputs = fromShards(plainOperator, c, ranks);
  expect(deviatingRanks([outputs])).toEqual([2]);
  expect([...ofRank(outputs, 2).dsink.data]).toEqual([5, 6]);
  expect([...ofRank(outputs, 2).dq.data]).toEqual([...whole.dq.data]);
  expect([...ofRank(outputs, 0).dsink.data]).toEqual([...whole.dsink.data]);
});

const faults: Readonly<Record<string, [change: (ranks: ReturnType<typeof shardsOf>['ranks']) => void, says: RegExp]>> = {
  'leave a place out': [(ranks) => spoil(ranks[1].places, 'm', []), /m = 1 is in no rank's shard/],
  'have a place twice': [
    (ranks) => spoil(ranks[1].places, 'n', [{ start: 2, length: 1, stride: 1 }]),
    /n = 2 is in the shards of ranks 0 and 1/,
  ],
  'reach beyond the axis': [
    (ranks) => spoil(ranks[2].places, 'm', [{ start: 1, length: 2, stride: 2 }]),
    /rank 2 has m = 3, but there are 3/,
  ],
  'name an axis that no case has': [(ranks) => spoil(ranks[0].places, 'zz', []), /the case has no axis zz/],
  'are cut along other axes': [
    (ranks) => Reflect.deleteProperty(ranks[1].places, 'n'),
    /cut along m, n, but the shard of rank 1 is not cut along n/,
  ],
  'lack an output': [(ranks) => Reflect.deleteProperty(ranks[2].outputs, 'dk'), /rank 2 has no dk/],
  'have another size than their places': [
    (ranks) => Object.assign(ranks[0].outputs, { o: numbered([2, 2, 3, 2]) }),
    /o of rank 0 is \[2, 2, 3, 2\], but its shard has 1 along axis m/,
  ],
  'have channels of their own': [
    (ranks) => Object.assign(ranks[1].outputs, { o: numbered([2, 2, 1, 5]) }),
    /o of rank 1 is f32 \[2, 2, 1, 5\], but o of rank 0 is f32 \[2, 2, 1, 2\]/,
  ],
};

function spoil(places: RankShard['places'], axis: string, own: RankShard['places'][string]): void {
  Object.assign(places, { [axis]: own });
}

it.each(Object.entries(faults))('shards that %s are refused with what is wrong', (_, [change, says]) => {
  const c = problem(3, 3, 'bhld');
  const { ranks } = shardsOf(c, { m: [0, 1, 2], n: [2, 1, 0] });
  change(ranks);
  expect(() => fromShards(plainOperator, c, ranks)).toThrow(says);
});
