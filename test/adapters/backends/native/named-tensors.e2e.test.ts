import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNative, nativeAdapter } from '../../../../adapters/backends/native/manifest.js';
import { createLibrary } from '../../../../spec/library.js';
import type { NativeArguments, NativeManifest } from '../../../../spec/types/documents.js';
import { readSpecFolder } from '../../../../suites/lib/spec-folder.js';
import { title } from '../../../backend.js';
import { everyProperty, judgeOperators } from '../../../suites/judge-operators.js';
import { compiler, scratch, sourceOf, writeManifest } from './kernels.js';

const documents = readSpecFolder(join(import.meta.dirname, '../../../kernels/named-tensors'));
const { operators } = createLibrary(documents);

const floats = (...names: string[]): NativeArguments => Object.fromEntries(names.map((name) => [name, 'const float *']));
const problem: NativeArguments = {
  ...floats('w', 'gate', 'q', 'k', 'v'),
  keep: 'const uint8_t *',
  bucket: 'const int32_t *',
  mask: 'const uint8_t *',
  ...Object.fromEntries(['b', 'hk', 'g', 'm', 'n', 'd', 'e', 'r', 'offset'].map((name) => [name, 'int32_t'])),
  causal: { type: 'int32_t', value: 'is_causal' },
  gate_stride_n: 'int32_t',
  factor: 'float',
};
const good: NativeManifest = {
  adapter: { id: 'pool', title: 'Gated pools' },
  library: 'pool.so',
  build: `g++ -std=c++17 -shared -fPIC -o pool.so '${sourceOf('gated-pool')}'`,
  symbol: 'forward',
  arguments: { ...problem, mine: { type: 'int32_t', value: ['*', 'is_gated_pool', 'is_f32'] }, total: 'float *', o: 'float *' },
  backward: { symbol: 'backward', arguments: { ...problem, ...floats('do', 'dtotal'), dgate: 'float *' } },
  capabilities: {
    dtypes: ['f32'],
    operators: ['gated-pool'],
    masks: ['full', 'causal'],
    denseMask: 'boolean',
    options: ['factor'],
    outputs: ['o', 'total'],
    gradients: ['gate'],
    limits: { r: { max: 3 } },
  },
};

describe.skipIf(compiler.missing)(title('a library of an operator with tensors of its own names', compiler), () => {
  const judge = async (changes: Partial<NativeManifest>, filter: string) => {
    const adapter = await loadNative(writeManifest({ ...good, ...changes }, scratch()), undefined, operators);
    const kernel = await adapter.open();
    const told = await judgeOperators(adapter, kernel, [...documents, everyProperty(['gated-pool'])], { runs: 4, filter: [filter] });
    await kernel[Symbol.asyncDispose]();
    return told.filter(({ verdict }) => verdict !== 'unsupported');
  };

  it('conforms, outputs and gradients', async () => {
    const told = await judge({}, 'gated-pool*/{full,causal,any}/{oracle,gradient,stateless}/f32');
    expect(told.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(told.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['gated-pool/causal/oracle/f32', 'gated-pool/full/gradient/f32', 'gated-pool+all/any/gradient/f32']),
    );
  });

  it('is found out where it gets one input for another', async () => {
    const mixed = { ...good.arguments, factor: { type: 'float', value: ['+', '$factor', ['*', 0.001, '#r']] } } as NativeArguments;
    expect(await judge({ arguments: mixed }, 'gated-pool/full/oracle/f32')).toMatchObject([{ verdict: 'fail value' }]);
  });
});

const read = (changes: Partial<NativeManifest>) =>
  nativeAdapter(JSON.stringify({ ...good, ...changes }), '/folder/kernel.json', 'kernel.json', undefined, operators);
const args = (changes: NativeArguments) => ({ arguments: { ...good.arguments, ...changes } });
const claims = (changes: Partial<NativeManifest['capabilities']>) => ({ capabilities: { ...good.capabilities, ...changes } });

describe('a manifest of such an operator', () => {
  it.each<[string, Partial<NativeManifest>, string]>([
    ['an unknown tensor', args({ gaet: 'const float *' }), 'found a pointer to "gaet", which names no tensor; nearest of'],
    ['an unknown axis', args({ rr: 'int' }), 'found "rr", which names no value; nearest of'],
    ['booleans as floats', args({ keep: 'const float *' }), 'must be const uint8_t * (or void *): keep is bool here'],
    ['indices as floats', args({ bucket: 'const float *' }), 'must be const int32_t * (or void *): bucket is i32 here'],
    [
      'an output that is no pointer to write to',
      claims({ outputs: ['o', 'totl'] }),
      '"totl", which is not a tensor of gated-pool; allowed: "total", "o", "lse"',
    ],
    ['a gradient of a boolean', claims({ gradients: ['keep'] }), '$.capabilities.gradients[0]: found "keep"'],
    ['every gradient claimed and one given', claims({ gradients: true }), 'capabilities.gradients claim dq, but no argument'],
    ['an operator that it does not claim', claims({ operators: ['softmax'] }), 'found "total", which is not a tensor of softmax'],
  ])('is refused with %s', (_, changes, problem) => {
    expect(() => read(changes)).toThrow(problem);
  });

  it('names the strides of its tensors', () => {
    expect(() => read(args({ gate_strides: 'const int64_t *', total_shape: 'const int32_t *' }))).not.toThrow();
  });

  it('says the type of an input that is stored in f32, whatever the dtype', () => {
    const narrow = { ...problem, q: 'const void *', k: 'const void *', v: 'const void *', w: 'const void *' };
    const changes = {
      ...claims({ dtypes: ['f32', 'bf16'], gradients: false }),
      backward: undefined,
      arguments: { ...narrow, total: 'void *', o: 'void *' },
    };
    expect(() => read(changes as Partial<NativeManifest>)).not.toThrow();
    const asNarrow = { ...changes, arguments: { ...changes.arguments, gate: 'const void *' } };
    expect(() => read({ ...asNarrow, arguments: { ...narrow, gate: 'const uint16_t *' } } as Partial<NativeManifest>)).toThrow(
      'gate is f32 here',
    );
    const one = { ...claims({ dtypes: ['bf16'], gradients: false, mixedStorage: false }), backward: undefined };
    const arguments_ = { ...narrow, gate: 'const uint16_t *', total: 'void *', o: 'void *' };
    expect(() => read({ ...one, arguments: arguments_ } as Partial<NativeManifest>)).not.toThrow();
  });
});
