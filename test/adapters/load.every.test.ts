import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAdapter } from '../../adapters/backends/module/check-adapter.js';
import { Unavailable } from '../../adapters/kernel.js';
import { checkSource, loadAdapter } from '../../adapters/load.js';
import { builtIns, isBuiltIn } from '../../adapters/registry.js';
import { DocumentError } from '../../spec/lib/documents.js';
import { asksAll, someOf } from '../some.js';

const good = "{ id: 'mine', title: 'Mine', capabilities: { dtypes: ['f32'], operators: ['softmax'] }, open: async () => ({}) }";
let folder: string;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-load-'));
  mkdirSync(join(folder, 'a folder'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function module(text: string, ending = 'mjs'): string {
  const file = join(folder, `kernel-${files++}.${ending}`);
  writeFileSync(file, text);
  return file;
}

describe('modules', () => {
  it.skipIf(asksAll)('give their default export', async () => {
    expect((await loadAdapter(module(`export default ${good}; export const other = ${good};`))).id).toBe('mine');
  });

  it.skipIf(asksAll)('or the only export that is an adapter', async () => {
    expect((await loadAdapter(module(`export const helper = 3; export const kernel = ${good};`))).title).toBe('Mine');
  });

  it.skipIf(asksAll)('count an adapter that is exported twice once', async () => {
    expect((await loadAdapter(module(`const kernel = ${good}; export { kernel, kernel as same };`))).id).toBe('mine');
  });

  it.skipIf(asksAll)('may be TypeScript, CommonJS, or lie at a relative path', async () => {
    expect((await loadAdapter(module(`const id: string = 'mine'; interface Unused { x: number }\nexport default ${good};`, 'ts'))).id).toBe(
      'mine',
    );
    expect((await loadAdapter(module(`module.exports = ${good};`, 'cjs'))).id).toBe('mine');
    const file = relative(process.cwd(), module(`export default ${good};`));
    expect((await loadAdapter(file.startsWith('.') ? file : `./${file}`)).id).toBe('mine');
  });

  it.skipIf(asksAll).each<[string, string, string]>([
    ['no adapter', 'export const a = 1;', 'at $: found no adapter among its exports (a)'],
    ['nothing', '', 'at $: found no adapter among its exports (it has none)'],
    [
      'several',
      `export const a = ${good}; export const b = ${good};`,
      'at $: found several adapters (a, b), must export only one, or make one of them the default export',
    ],
    ['a syntax error', 'export default {', 'at $: it has a syntax error: '],
    ['an exception', "throw new Error('no device');", 'at $: importing it failed: no device'],
    ['no id', `export default { ...${good}, id: undefined };`, 'at $.id: found nothing, must be a name'],
    ['an id with a slash', `export default { ...${good}, id: '../x' };`, 'at $.id: found "../x", must be a name'],
    ['the id of a built-in', `export default { ...${good}, id: 'reference' };`, 'at $.id: found "reference", must be another name'],
    ['no title', `export default { ...${good}, title: 3 };`, 'at $.title: found 3, must be a string that is not empty'],
    ['no open', `export default { ...${good}, open: 3 };`, 'at $.open: found 3, must be a function'],
    [
      'a program without a forward pass',
      `export default { ...${good}, programs: [{ name: 'ring' }] };`,
      'at $.programs: found [{"name":"ring"}], must be an array',
    ],
    ['no capabilities', `export default { ...${good}, capabilities: undefined };`, 'at $.capabilities: found nothing'],
    [
      'a strange dtype',
      `export default { ...${good}, capabilities: { dtypes: ['f31'], operators: ['softmax'] } };`,
      'at $.capabilities.dtypes[0]: found "f31", allowed: "f64", "f32"',
    ],
    [
      'an unknown key',
      `export default { ...${good}, capabilities: { dtypes: ['f32'], operators: ['softmax'], mask: [] } };`,
      'at $.capabilities.mask: this key is not known here',
    ],
  ])('are refused with %s', async (_, text, message) => {
    const file = module(text);
    const error = await loadAdapter(file).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DocumentError);
    expect((error as Error).message).toContain(`${file}: ${message}`);
  });

  it.skipIf(asksAll)('are refused where there is no file', async () => {
    await expect(loadAdapter('./absent.js')).rejects.toThrow('./absent.js: at $: no such file');
    await expect(loadAdapter(join(folder, 'a folder'))).rejects.toThrow(DocumentError);
  });

  it.skipIf(asksAll)('whatever is exported, a fault is a DocumentError', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('id', 'title', 'capabilities', 'open', 'version'), fc.anything()), (value) => {
        try {
          expect(checkAdapter(value, 'kernel.js')).toBe(value);
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentError);
        }
      }),
    );
  });
});

describe('built-ins', () => {
  it.skipIf(asksAll)('are known by id', () => {
    expect(isBuiltIn('tfjs-wasm')).toBe(true);
    expect(isBuiltIn('toString')).toBe(false);
    expect(isBuiltIn('./controls/reference')).toBe(false);
  });

  it.skipIf(asksAll)('an unknown id is answered with the nearest', async () => {
    await expect(loadAdapter('tfjs-wsam')).rejects.toThrow('unknown adapter "tfjs-wsam"; nearest of');
    expect(() => checkSource('pyton:kernel.py')).toThrow('unknown adapter "pyton:kernel.py"');
    expect(() => checkSource('python:')).toThrow('unknown adapter "python:"');
    expect(() => checkSource('kernel.rb')).toThrow('unknown adapter');
    for (const source of ['./kernel', '../k.ts', '/abs/k.js', 'k.mjs', 'folder/k.cts']) expect(() => checkSource(source)).not.toThrow();
  });

  // each of these is a Python that imports its framework: pytorch.test.ts and operators.every.test.ts, which open them, ask them for their ids
  const opened =
    /^(pytorch-(math|flash|flex|efficient|cudnn|operators)|jax|flash-attn(-3)?|flashinfer(-block-sparse)?|transformer-engine|flashmask|flex-flash-attn|vsa)$/;

  const unopened = Object.keys(builtIns).filter((id) => !opened.test(id));

  // those that one framework computes are one kind
  it.each(someOf(unopened, (id) => id.replace(/^(pytorch|fla|ring-attention-pytorch)-.*/, '$1')))(
    '%s is an adapter of that id, or says what it needs',
    async (id) => {
      const adapter = await loadAdapter(id).catch((error: unknown) => error as Unavailable);
      if (adapter instanceof Unavailable) {
        // an adapter in another language tells its claims when it starts
        expect(builtIns[id].slow).toBeDefined();
        expect(adapter.remedy).not.toBe('');
        return;
      }
      expect(adapter.id).toBe(id);
      expect(adapter.title).not.toBe('');
      expect(typeof adapter.open).toBe('function');
    },
  );
});
