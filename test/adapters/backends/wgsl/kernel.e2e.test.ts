import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Adapter } from '../../../../adapters/adapter.js';
import { openDawn } from '../../../../adapters/backends/webgpu/dawn.js';
import { loadWgsl } from '../../../../adapters/backends/wgsl/manifest.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { loadAdapter } from '../../../../adapters/load.js';
import { type Tensor, transpose, valuesOf } from '../../../../spec/tensor/tensor.js';
import { backend, title } from '../../../backend.js';
import { runKernels } from '../../../suites/runner/run-kernels.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { attention } from '../../support/formula.js';
import { edit, generalManifest, removeGeneral, writeGeneral } from './general.js';

const webgpu = await backend('webgpu');
/** True if the device computes in f16: SwiftShader does not. */
const halves = webgpu.missing === undefined && (await openDawn()).adapter.features.has('shader-f16');
const dtypes = halves ? (['f32', 'f16'] as const) : (['f32'] as const);

function scratchGeneral(): string {
  const folder = writeGeneral(halves);
  onTestFinished(() => removeGeneral(folder));
  return folder;
}

async function reasonOf(folder: string): Promise<string> {
  const adapter = await loadWgsl(join(folder, 'general.json'));
  const error = await adapter.open().then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toMatchObject({ name: 'Unavailable' });
  const { reason, remedy } = error as { reason: string; remedy: string };
  return `${reason}\n${remedy}`.replaceAll(/\S*attention-cts-wgsl-[^/]*\//g, '');
}

it('names the shader that a manifest names and that is not there', async () => {
  const folder = writeGeneral();
  onTestFinished(() => removeGeneral(folder));
  edit(folder, 'general.json', '"general-f16.wgsl"', '"genral-f16.wgsl"');
  await expect(loadWgsl(join(folder, 'general.json'))).rejects.toMatchObject({
    name: 'Unavailable',
    reason: expect.stringContaining('genral-f16.wgsl'),
    remedy: expect.stringContaining('general.json names it'),
  });
});

it('holds the id and the claims to those of any adapter', async () => {
  const folder = scratchGeneral();
  edit(folder, 'general.json', '"general-wgsl"', '"reference"');
  const source = `wgsl:${join(folder, 'general.json')}`;
  await expect(loadAdapter(source)).rejects.toThrow('general.json: at $.adapter.id: found "reference", must be another name');
});

describe.skipIf(webgpu.missing)(title('a WGSL kernel with a manifest', webgpu), () => {
  let folder: string;
  let adapter: Adapter;
  let kernel: Kernel;
  beforeAll(async () => {
    folder = writeGeneral(halves);
    adapter = await loadWgsl(join(folder, 'general.json'));
    kernel = await adapter.open();
  });
  afterAll(async () => {
    await kernel[Symbol.asyncDispose]();
    removeGeneral(folder);
  });

  it('takes turns with the others on the device, and says which it is', () => {
    expect(adapter.capabilities.device).toBe('webgpu');
    expect(Object.keys(kernel.environment)).toContain('description');
  });

  it.each(dtypes)('computes attention and its LSE in %s', async (dtype) => {
    const tolerance = { f32: 1e-4, f16: 2e-2 }[dtype];
    await fc.assert(
      fc.asyncProperty(calls(adapter.capabilities, dtype), async (call) => {
        const { o, lse } = await kernel.forward(call);
        const expected = attention(call, {});
        expect([o.dtype, lse.dtype]).toEqual([dtype, 'f32']);
        expect(distance(inHeadOrder(o, call.case.layout), expected.o)).toBeLessThan(tolerance);
        expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(tolerance);
      }),
      { numRuns: 15 },
    );
  });

  it('conforms with strides, gradients, blocks and all that it claims', async () => {
    const last = dtypes.at(-1);
    const filter = ['softmax/full/gradient/*', `softmax/any/{strided,lse-merge}/${last}`, 'softmax+all/any/oracle/f32'];
    const result = await runKernels([], { adapters: [`wgsl:${join(folder, 'general.json')}`], profiles: ['training'], filter, runs: 3 });
    expect(Object.fromEntries(result.checks.map(({ id, verdict, failure }) => [id, failure?.message ?? verdict]))).toEqual({
      'softmax+all/any/oracle/f32': 'pass',
      [`softmax/any/strided/${last}`]: 'pass',
      [`softmax/any/lse-merge/${last}`]: 'pass',
      ...Object.fromEntries(dtypes.map((dtype) => [`softmax/full/gradient/${dtype}`, 'pass'])),
    });
  });

  describe('that does not fit', () => {
    let own: string;
    beforeEach(() => {
      own = scratchGeneral();
    });

    it('shows the compile log with the line', async () => {
      edit(own, 'general.wgsl', '  var added = 0.0;', '  var added = 0u;');
      const reason = await reasonOf(own);
      expect(reason).toMatch(/^general\.wgsl does not compile:\n\d+:\d+ .*cannot assign 'f32' to 'u32'/m);
      expect(reason).toMatch(/\ncorrect .*general\.wgsl/);
    });

    it('names the entry that is not there', async () => {
      edit(own, 'general.json', '"weigh_values"', '"weigh_value"');
      expect(await reasonOf(own)).toMatch(/weigh_value.*doesn't exist in the shader module/);
    });

    it('names the binding that the shader declares otherwise', async () => {
      edit(own, 'general.wgsl', '@binding(0) var<storage, read> q', '@binding(0) var<storage, read_write> q');
      expect(await reasonOf(own)).toMatch(/@group\(0\) @binding\(0\)/);
    });

    it('names the override that the shader lacks', async () => {
      edit(own, 'general.wgsl', 'override width: u32', 'const width = 8u');
      expect(await reasonOf(own)).toMatch(/width/);
    });
  });

  it('that leaves an element unwritten shows NaN there', async () => {
    const own = scratchGeneral();
    edit(own, 'general.wgsl', 'if (i >= p.m) {', 'if (i + 1u >= p.m) {');
    const result = await runKernels([], { adapters: [`wgsl:${join(own, 'general.json')}`], runs: 5 });
    expect(result.checks).toMatchObject([{ verdict: 'fail', class: 'nan', failure: { case: { dims: { m: 1, n: 1, d: 1 } } } }]);
  });

  it('whose uniform does not fit its type is refused by name', async () => {
    const own = scratchGeneral();
    const manifest = generalManifest(halves);
    Object.assign(manifest.uniforms!.fields.find(({ name }) => name === 'offset')!, { type: 'u32' });
    writeFileSync(join(own, 'general.json'), JSON.stringify(manifest));
    const narrow = await loadWgsl(join(own, 'general.json'));
    const opened = await narrow.open();
    const wide = fc.sample(calls(narrow.capabilities, 'f32'), { numRuns: 50, seed: 1 }).find(({ case: c }) => c.dims.m > c.dims.n)!;
    await expect(opened.forward(wide)).rejects.toThrow(/uniform "offset" is -\d+, which is not a value of type u32/);
    await opened[Symbol.asyncDispose]();
  });

  it('that is asked for more than the device binds is out of memory', async () => {
    const own = scratchGeneral();
    edit(own, 'general.json', '"scores": ["*", 4,', '"scores": ["*", 1e12,');
    const large = await loadWgsl(join(own, 'general.json'));
    const opened = await large.open();
    const [call] = fc.sample(calls(large.capabilities, 'f32'), { numRuns: 1, seed: 1 });
    await expect(opened.forward(call)).rejects.toMatchObject({ name: 'OutOfMemory', message: expect.stringContaining('scores has') });
    await opened[Symbol.asyncDispose]();
  });
});

/** The values of [b, h, m, e], whatever the layout. */
function inHeadOrder(o: Tensor, layout: string): Float64Array {
  return valuesOf(layout === 'blhd' ? transpose(o, [0, 2, 1, 3]) : o);
}
