import { describe, expect, test } from 'vitest';
import { tensorsOf } from '../../../generators/tensors.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { decodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { type Tensors, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Property } from '../../../suites/contract/property.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { TensorPacker } from '../../../suites/runner/host/wire.js';
import { failureTensors } from '../../../suites/runner/judge/failure-tensors.js';

const library = createLibrary();
const capabilities = resolveCapabilities(
  {
    dtypes: ['f32'],
    operators: ['softmax'],
    masks: ['full', 'causal'],
    layouts: ['bhld', 'blhd', 'thd'],
    strided: true,
    outputs: ['o', 'lse'],
    numeric: { accumulate: 'f64' },
  },
  'explained',
);
const oracle = propertyNamed('oracle') as Property;
const plain: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 2, g: 1, m: 3, n: 4, d: 2, e: 2 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 3 },
};
const dimsOfO = { bhld: [1, 2, 3, 2], blhd: [1, 3, 2, 2], thd: [3, 2, 2] };
const dimsOfLse = { bhld: [1, 2, 3], blhd: [1, 2, 3], thd: [2, 3] };
const counted = { o: Array.from({ length: 12 }, (_, i) => i), lse: [0, 1, 2, 3, 4, -0] };

/** Explains a case; unless other values are given, its output counts its elements in the case's own layout. */
function explained(c: Case, valuesOfOutput: (name: 'o' | 'lse') => readonly number[] = (name) => counted[name]) {
  const packer = new TensorPacker();
  const outputs = {
    o: packer.add(tensorOf('f32', dimsOfO[c.layout], valuesOfOutput('o'))),
    lse: packer.add(tensorOf('f32', dimsOfLse[c.layout], valuesOfOutput('lse'))),
  };
  return failureTensors(Claims.of(library, capabilities), oracle, {
    case: c,
    calls: [outputs],
    data: new Uint8Array(packer.take()).slice().buffer,
    call: 0,
  });
}

const files = (bytes: Uint8Array | undefined): Tensors => decodeSafetensors(bytes as Uint8Array).tensors;
const numbers = (t: Tensors, name: string) => Array.from(valuesOf(t[name]));

describe('the tensors of a failure', () => {
  const wanted = files(explained(plain).inputs);
  const laid: [string, Case][] = [
    ['bhld', plain],
    ['blhd', { ...plain, layout: 'blhd' }],
    ['blhd, strided', { ...plain, layout: 'blhd', views: { k: { pad: 2, offset: 1 } } }],
    ['thd', { ...plain, layout: 'thd', packed: { q: [3], k: [4] } }],
  ];

  test.each(laid)('lie as bhld, whatever the case does: %s', (_, c) => {
    const { inputs, expected, actual, bound } = explained(c);
    for (const name of ['q', 'k', 'v']) {
      expect(files(inputs)[name].shape).toEqual(wanted[name].shape);
      expect(numbers(files(inputs), name)).toEqual(numbers(wanted, name));
    }
    for (const file of [expected, actual, bound]) {
      expect(files(file).o.shape).toEqual([1, 2, 3, 2]);
      expect(files(file).lse.shape).toEqual([1, 2, 3]);
    }
    // head 1, row 0, channel 0: after all rows of head 0, or after head 0 of the first row
    expect(numbers(files(actual), 'o')[6]).toBe(c.layout === 'bhld' ? 6 : 2);
    for (const file of [inputs, expected, bound]) expect(decodeSafetensors(file).metadata).toMatchObject({ layout: 'bhld' });
  });

  test('have the bound by which the answer was judged, its rounding to the dtype of the answer included', () => {
    const { expected, actual, bound } = explained(plain, (name) => numbers(files(explained(plain).expected), name));
    for (const name of ['o', 'lse']) {
      const [wanted, given, allowed] = [expected, actual, bound].map((file) => numbers(files(file), name));
      expect(given).toEqual(wanted.map(Math.fround));
      given.forEach((x, i) => {
        expect(Math.abs(x - wanted[i])).toBeLessThanOrEqual(allowed[i]);
      });
    }
  });

  test('are shown with their elements where they are small, −0 as such', () => {
    const { shown } = explained({ ...plain, dims: { ...plain.dims, n: 40 } });
    expect(shown?.inputs.q).toMatchObject({ dtype: 'f32', shape: [1, 2, 3, 2], values: { length: 12 } });
    expect(shown?.inputs.k).toEqual({ dtype: 'f32', shape: [1, 2, 40, 2] });
    expect(shown?.actual.lse.values).toEqual([0, 1, 2, 3, 4, '-0']);
  });

  test('are those of the wrong call alone', () => {
    const property = propertyNamed('stateless') as Property;
    const calls = property.calls(plain, Claims.of(library, capabilities));
    const call = calls.findIndex(({ case: c }) => JSON.stringify(c.dims) !== JSON.stringify(plain.dims));
    const { shown, inputs } = failureTensors(Claims.of(library, capabilities), property, {
      case: plain,
      calls: [],
      data: new ArrayBuffer(0),
      call,
    });
    const { q } = tensorsOf(Claims.of(library, capabilities), calls[call].case);
    expect(shown?.inputs.q.shape).toEqual(q.shape);
    expect(files(inputs)[`${call}.q`].shape).toEqual(q.shape);
  });
});
