import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deviatingRanks, hasUnseenRanks, ofRank, withRanks } from '../../../adapters/parallel/job/rank-outputs.js';
import { type Tensors, tensor } from '../../../spec/tensor/tensor.js';

const outputs = fc
  .dictionary(fc.constantFrom('o', 'lse', 'dq'), fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(0, -0, NaN, 1)))
  .map(
    (drawn): Tensors =>
      Object.fromEntries(Object.entries(drawn).map(([name, [size, x]]) => [name, tensor('f32', [size], new Float32Array(size).fill(x))])),
  );

const bitsOf = (tensors: Tensors) =>
  Object.entries(tensors)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { dtype, shape, data }]) => [name, dtype, shape, [...new Uint8Array((data as Float32Array).slice().buffer)]]);

it('what every rank gave is what it gave, and a rank with the bits of rank 0 is not judged again', () => {
  fc.assert(
    fc.property(outputs, fc.array(fc.option(outputs, { nil: undefined }), { maxLength: 4 }), (first, others) => {
      const travelling = withRanks(first, others);
      const told = { ...travelling, sent: tensor('f64', [2]) };
      expect(hasUnseenRanks(travelling)).toBe(others.includes(undefined));
      expect(bitsOf(ofRank(travelling, 0))).toEqual(bitsOf(first));
      const deviating = deviatingRanks([{}, travelling]);
      for (const [at, own] of others.entries()) {
        const seen = own ?? first;
        expect(bitsOf(ofRank(travelling, at + 1))).toEqual(bitsOf(seen));
        expect(ofRank(told, at + 1)).toHaveProperty('sent');
        expect(deviating.includes(at + 1)).toBe(JSON.stringify(bitsOf(seen)) !== JSON.stringify(bitsOf(first)));
      }
    }),
  );
});
