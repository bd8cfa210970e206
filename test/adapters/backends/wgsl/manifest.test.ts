import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadWgsl, parseManifest } from '../../../../adapters/backends/wgsl/manifest.js';
import { DocumentError } from '../../../../spec/lib/documents.js';
import type { WgslManifest } from '../../../../spec/types/documents.js';
import { generalManifest } from './general.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function fault(change: (manifest: Mutable<WgslManifest>) => void): string {
  const manifest = generalManifest();
  change(manifest);
  try {
    parseManifest(JSON.stringify(manifest), 'kernel.json');
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    return (error as DocumentError).message;
  }
  return 'none';
}

describe('a manifest', () => {
  it('is read as it is', () => {
    expect(parseManifest(JSON.stringify(generalManifest()), 'kernel.json')).toEqual(generalManifest());
  });

  it.each<[string, (m: Mutable<WgslManifest>) => void]>([
    ['$.bindings[0].tensor: found "Q", which names no tensor; nearest of 19: "q"', (m) => Object.assign(m.bindings[0], { tensor: 'Q' })],
    ['$.bindings[1]: @group(0) @binding(0) is already taken by $.bindings[0]', (m) => Object.assign(m.bindings[1], { binding: 0 })],
    ['$.uniforms: @group(0) @binding(0) is already taken by $.bindings[0]', (m) => Object.assign(m.uniforms!, { group: 0 })],
    [
      '$.bindings[0].dtype: "q" is not an output; only outputs have a dtype of their own',
      (m) => Object.assign(m.bindings[0], { dtype: 'f32' }),
    ],
    ['$.bindings[7].access: "o" is an output', (m) => Object.assign(m.bindings[7], { access: 'read' })],
    ['$.bindings: no buffer holds "sink", but the capabilities claim option sink', (m) => m.bindings.splice(6, 1)],
    ['$.bindings: no buffer holds "lse", but the capabilities claim output lse', (m) => m.bindings.splice(8, 1)],
    ['$.bindings: no buffer holds "mask", but the capabilities claim boolean masks', (m) => m.bindings.splice(3, 1)],
    ['$.backward.bindings: no buffer holds "dk", but the capabilities claim gradient k', (m) => m.backward!.bindings.splice(10, 1)],
    ['$: "backward" is missing, but the capabilities claim gradients', (m) => delete m.backward],
    [
      '$.bindings: no buffer holds "lse", which the backward pass reads',
      (m) => {
        m.capabilities.outputs = ['o'];
        m.bindings.splice(8, 1);
      },
    ],
    ['$.uniforms.fields[0].value: found "M", which names no value', (m) => Object.assign(m.uniforms!.fields[0], { value: 'M' })],
    ['$.uniforms.fields[0].name: found "rowz", which names no value', (m) => Object.assign(m.uniforms!.fields[0], { name: 'rowz' })],
    ['$.passes[0].workgroups[0]: "/" takes 2 operands, found 1', (m) => Object.assign(m.passes![0], { workgroups: [['/', 'n']] })],
    [
      '$.passes[0].workgroups[0]: found ["<","m","n"], a boolean, must be a number',
      (m) => Object.assign(m.passes![0], { workgroups: [['<', 'm', 'n']] }),
    ],
    ['$.overrides.width: found "n_", which names no value', (m) => Object.assign(m.overrides!, { width: 'n_' })],
    ['$.scratch.q: a tensor has this name', (m) => Object.assign(m.scratch!, { q: 4 })],
    ['$.passes: must be absent where "entry" or "workgroups" is given', (m) => Object.assign(m, { entry: 'main' })],
    ['$: "entry" is missing', (m) => delete m.passes],
    ['$: "workgroups" is missing', (m) => Object.assign(m, { passes: undefined, entry: 'main' })],
    ['$.file: "f16" is missing, but the capabilities claim that dtype', (m) => Object.assign(m, { file: { f32: 'kernel.wgsl' } })],
    ['$.capabilities.dtypes[0]: found "f64", a type that WGSL does not have', (m) => Object.assign(m.capabilities, { dtypes: ['f64'] })],
    [
      '$.bindings: no buffer holds "cu_q", but the capabilities claim layout thd',
      (m) => Object.assign(m.capabilities, { layouts: ['thd'] }),
    ],
    ['$.capabilities.dtypes[0]: found "f33"', (m) => Object.assign(m.capabilities, { dtypes: ['f33'] })],
    ['$.colour: this key is not known here', (m) => Object.assign(m, { colour: 'red' })],
    ['$: "file" is missing', (m) => delete (m as Partial<WgslManifest>).file],
  ])('is refused: %s', (message, change) => {
    expect(fault(change)).toContain(`kernel.json: at ${message}`);
  });

  it('whatever its text, is read or refused with the place', () => {
    const refusedOrRead = (text: string) => {
      try {
        parseManifest(text, 'kernel.json');
      } catch (error) {
        expect(error).toBeInstanceOf(DocumentError);
        expect((error as DocumentError).path).toMatch(/^\$/);
      }
    };
    fc.assert(fc.property(fc.string(), refusedOrRead), { numRuns: 200 });
    fc.assert(fc.property(fc.json(), refusedOrRead), { numRuns: 200 });
    const leaves = paths(generalManifest());
    fc.assert(
      fc.property(fc.constantFrom(...leaves), fc.jsonValue(), (path, value) => {
        const manifest = generalManifest();
        put(manifest, path, value);
        refusedOrRead(JSON.stringify(manifest));
      }),
      { numRuns: 500 },
    );
  });

  it('that is missing is refused, with what writes one', async () => {
    await expect(loadWgsl('absent/kernel.json')).rejects.toThrow(
      'absent/kernel.json: at $: no such file; npx attention-cts init --kind wgsl writes a manifest to start from',
    );
  });
});

type Path = readonly (string | number)[];

/** Every place inside a JSON value. */
function paths(value: unknown, here: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [here];
  const inside = Object.entries(value).flatMap(([key, part]) => paths(part, [...here, key]));
  return here.length === 0 ? inside : [here, ...inside];
}

function put(root: unknown, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], root);
  (parent as Record<string, unknown>)[path.at(-1) as string] = value;
}
