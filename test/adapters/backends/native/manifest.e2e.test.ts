import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeAdapter } from '../../../../adapters/backends/native/manifest.js';
import { loadAdapter } from '../../../../adapters/load.js';
import { DocumentError } from '../../../../spec/lib/documents.js';
import type { NativeManifest } from '../../../../spec/types/documents.js';
import { manifestOf, scratch, writeManifest } from './kernels.js';

const good = manifestOf('correct');
const args = (changes: NativeManifest['arguments']): Partial<NativeManifest> => ({ arguments: { ...good.arguments, ...changes } });
const claims = (changes: Partial<NativeManifest['capabilities']>): Partial<NativeManifest> => ({
  capabilities: { ...good.capabilities, ...changes },
});
const read = (manifest: unknown) => nativeAdapter(JSON.stringify(manifest), '/folder/kernel.json', 'kernel.json');

describe('a manifest', () => {
  it('is an adapter', async () => {
    const adapter = await loadAdapter(`native:${writeManifest(good)}`);
    expect(adapter).toMatchObject({ id: 'correct', title: 'Test kernel correct', version: '1.0.0', capabilities: good.capabilities });
  });

  it('is refused with the id of a built-in', async () => {
    const path = writeManifest({ ...good, adapter: { id: 'native', title: 'x' } });
    await expect(loadAdapter(`native:${path}`)).rejects.toThrow('at $.adapter.id: found "native", must be another name');
  });

  it.each<[string, object, string]>([
    ['no symbol', { symbol: undefined }, 'at $: "symbol" is missing'],
    ['an unknown key', { entry: 'x' }, 'at $.entry: this key is not known here'],
    ['a strange type', args({ n: 'integer' }), 'at $.arguments.n: found the type "integer", must be one of bool, '],
    [
      'an unknown tensor',
      args({ keys: 'const float *' }),
      'at $.arguments.keys: found a pointer to "keys", which names no tensor; nearest of ',
    ],
    ['an unknown number', args({ heds: 'int' }), 'at $.arguments.heds: found "heds", which names no value; nearest of '],
    [
      'an unknown number in an expression',
      args({ rows: { type: 'int', value: ['*', 'b', 'q'] } }),
      'at $.arguments.rows.value[2]: found "q", which names no value',
    ],
    [
      'an expression for a pointer',
      args({ q: { type: 'const float *', value: ['*', 'b', 'm'] } }),
      'at $.arguments.q: found an expression, must be the name of a tensor',
    ],
    [
      'an output that is const',
      args({ o: 'const float *' }),
      'at $.arguments.o: found the type "const float *" for o, must not point to const',
    ],
    [
      'a pointer to another type',
      args({ k: 'const double *' }),
      'at $.arguments.k: found a pointer to double, must be const float * (or void *): k is f32 here',
    ],
    [
      'strides of another type',
      args({ q_strides: 'const float *' }),
      'at $.arguments.q_strides: found the type "const float *" for q_strides',
    ],
    [
      'two dtypes behind one type',
      claims({ dtypes: ['f32', 'f64'] }),
      'found a pointer to float, must be const void * (or void *): q is f32 and f64 here',
    ],
    [
      'an output that nothing writes',
      { arguments: { q: 'const float *', o: 'float *' } },
      'at $.arguments: capabilities.outputs claim lse, but no argument',
    ],
    ['gradients without a backward pass', claims({ gradients: true }), 'at $: capabilities claim gradients, but "backward" is missing'],
    [
      'a backward pass that lacks a gradient',
      { ...claims({ gradients: true }), backward: { symbol: 'b', arguments: { dq: 'float *', dk: 'float *' } } },
      'at $.backward.arguments: capabilities.gradients claim dv, but no argument',
    ],
    [
      'a backward pass that needs what forward does not write',
      {
        arguments: { o: 'float *' },
        ...claims({ outputs: ['o'], gradients: ['q'] }),
        backward: { symbol: 'b', arguments: { lse: 'const float *', dq: 'float *' } },
      },
      'at $.arguments: "backward" reads lse, but no argument',
    ],
    ['packed layouts without bounds', claims({ layouts: ['thd'] }), 'at $.arguments: capabilities.layouts claim "thd", but no argument'],
    ['claims that contradict themselves', claims({ numeric: { storage: 'f16' } }), 'at $.capabilities.numeric.storage: found "f16"'],
  ])('is refused with %s', (_, changes, message) => {
    const bad = { ...good, ...changes };
    expect(() => read(bad)).toThrow(DocumentError);
    expect(() => read(bad)).toThrow(`kernel.json: ${message.startsWith('at') ? message : ''}`);
    expect(() => read(bad)).toThrow(message);
  });

  it('may be refused, but never breaks the reader', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const key = fc.constantFrom(...Object.keys(good));
    const argument = fc.constantFrom(...Object.keys(good.arguments), 'mask', 'q_strides', '__proto__', 'toString');
    const part = fc.oneof(value, fc.constantFrom('const float *', 'int', ['+', 'n', 1], ['/', 'n'], 'm', { type: 'int', value: 'm' }));
    fc.assert(
      fc.property(key, part, argument, part, (k, v, a, p) => {
        for (const bad of [v, { ...good, [k]: v }, { ...good, arguments: { ...good.arguments, [a]: p } }]) {
          try {
            read(bad);
          } catch (error) {
            expect(error).toBeInstanceOf(DocumentError);
          }
        }
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => nativeAdapter(text, '/folder/kernel.json', 'kernel.json')).toThrow(DocumentError);
      }),
    );
  });
});

describe('what the manifest names may be missing', () => {
  const opened = async (manifest: unknown, folder = scratch()) => (await loadAdapter(`native:${writeManifest(manifest, folder)}`)).open();
  const { build: _, ...unbuilt } = good;

  it('the manifest itself', async () => {
    await expect(loadAdapter('native:./absent.json')).rejects.toThrow('./absent.json: at $: no such file');
    await expect(loadAdapter(`native:${scratch()}`)).rejects.toThrow(DocumentError);
  });

  it('the library', async () => {
    await expect(opened(unbuilt)).rejects.toThrow(/kernel\.json: no such library: .*kernel\.so \(build it/);
  });

  it('a library that is none', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'kernel.so'), 'not a library');
    await expect(opened(unbuilt, folder)).rejects.toThrow(/kernel\.so does not load: .* \(build it for this machine/);
    rmSync(join(folder, 'kernel.so'));
  });

  it('the compiler', async () => {
    await expect(opened({ ...good, build: 'no-such-compiler -o kernel.so' })).rejects.toThrow(
      /kernel\.json: the command "no-such-compiler" of "build" was not found/,
    );
  });

  it('a source', async () => {
    await expect(opened({ ...good, sources: ['absent.cpp'] })).rejects.toThrow(/no such source: .*absent\.cpp/);
  });
});
