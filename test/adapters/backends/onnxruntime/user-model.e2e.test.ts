import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import protobuf from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadOnnx } from '../../../../adapters/backends/onnxruntime/user-model.js';
import { Unavailable } from '../../../../adapters/kernel.js';
import { DocumentError } from '../../../../spec/lib/documents.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';
import { attention } from '../../support/formula.js';

const { onnx } = protobuf;
const template = fileURLToPath(new URL('../../../../suites/init/templates/onnx/', import.meta.url));
const main = fileURLToPath(new URL('../../../../dist/suites/cli/main.js', import.meta.url));
type Graph = protobuf.onnx.IGraphProto;

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-model-'));
  path = join(folder, 'kernel.onnx');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The template, its graph changed and with another text beside it. */
function write(change: (graph: Graph) => void, beside = readFileSync(join(template, 'kernel.onnx.json'), 'utf8')): void {
  const model = onnx.ModelProto.decode(readFileSync(join(template, 'kernel.onnx')));
  change(model.graph as Graph);
  writeFileSync(path, onnx.ModelProto.encode(model).finish());
  writeFileSync(`${path}.json`, beside);
}

function run(...flags: string[]) {
  return spawnSync(process.execPath, [main, 'run', '--adapter', `onnx:${path}`, '--runs', '5', '--out', join(folder, 'out'), ...flags], {
    encoding: 'utf8',
  });
}

describe('the template', () => {
  it('is what its script makes', async () => {
    const { model } = await import(`${template}make-kernel.mjs`);
    expect(Buffer.from(model).equals(readFileSync(join(template, 'kernel.onnx')))).toBe(true);
  });

  it('computes the formula, and claims what its inputs and outputs say', async () => {
    const adapter = await loadOnnx(join(template, 'kernel.onnx'));
    expect(adapter).toMatchObject({ id: 'my-model', title: 'Attention as an ONNX model', version: '1.0.0' });
    expect(adapter.capabilities).toEqual({
      dtypes: ['f32'],
      operators: ['softmax'],
      layouts: ['bhld'],
      denseMask: 'boolean',
      denseMaskShapes: ['b h m n'],
      options: ['scale'],
      outputs: ['o', 'lse'],
      limits: {},
      grouped: false,
      dialect: { emptyOutput: 'nan', maskedNaN: 'leaks' },
    });
    const kernel = await adapter.open();
    await fc.assert(
      fc.asyncProperty(calls(adapter.capabilities, 'f32'), async (call) => {
        const { o, lse } = await kernel.forward(call);
        const expected = attention(call, adapter.capabilities.dialect ?? {});
        expect(distance(valuesOf(o), expected.o)).toBeLessThan(1e-4);
        expect(distance(valuesOf(lse), expected.lse)).toBeLessThan(1e-4);
      }),
      { numRuns: 30 },
    );
    await kernel[Symbol.asyncDispose]();
  });
});

describe('a model of one own', () => {
  it('conforms where it is right, and is found out where its scores are off', { timeout: 60_000 }, () => {
    write(() => {});
    expect(run('--filter', 'softmax/full/oracle/f32')).toMatchObject({ status: 0 });
    // another scale: the scores are added to themselves
    write((graph) => Object.assign(graph.node?.[2] ?? {}, { opType: 'Add', input: ['qk', 'qk'] }));
    const { status, stdout } = run('--filter', 'softmax/full/oracle/f32');
    expect(status).toBe(1);
    expect(stdout).toMatch(/fail my-model::softmax\/full\/oracle\/f32 \((value|lse)\)/);
  });

  it('has limits where its shapes are fixed or share a name', async () => {
    const dims = (at: number, names: (string | number)[]) => (graph: Graph) => {
      const shape = graph.input?.[at].type?.tensorType?.shape;
      if (shape) shape.dim = names.map((name) => (typeof name === 'string' ? { dimParam: name } : { dimValue: name }));
    };
    write((graph) => {
      dims(0, ['b', 8, 'l', 64])(graph);
      dims(1, ['b', 8, 'l', 64])(graph);
      dims(2, ['b', 8, 'l', 64])(graph);
    });
    const { limits } = (await loadOnnx(path)).capabilities;
    expect(limits).toEqual({ hk: [8], g: [1], m: '=n', d: [64], e: [64] });
  });

  it('is named after its file where nothing beside it says otherwise', async () => {
    const lone = join(folder, 'my kernel.onnx');
    copyFileSync(join(template, 'kernel.onnx'), lone);
    expect(await loadOnnx(lone)).toMatchObject({ id: 'my-kernel', title: 'ONNX model my kernel.onnx' });
  });

  it.each([
    [
      'an input that attention does not take',
      (g: Graph) => rename(g, 'scale', 'temperature'),
      /input "temperature" is float32\[\].*allowed: q, k, v, mask/,
    ],
    ['no q', (g: Graph) => rename(g, 'q', 'sink'), /input "sink" is float32\[b, h, m, d\]/],
    ['no output o', (g: Graph) => rename(g, 'o', 'y'), /has no output "o"; it has "y", "lse"/],
  ])('is unavailable with %s', async (_, change, reason) => {
    write(change);
    const error = await loadOnnx(path).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unavailable);
    expect((error as Unavailable).reason).toMatch(reason);
    expect((error as Unavailable).reason).toContain(path);
  });

  it('is unavailable where there is no file, or the file is no model', { timeout: 30_000 }, async () => {
    await expect(loadOnnx(join(folder, 'none.onnx'))).rejects.toThrow(/no such file: .*none\.onnx/);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        writeFileSync(path, bytes);
        await expect(loadOnnx(path)).rejects.toThrow(Unavailable);
      }),
      { numRuns: 20 },
    );
    rmSync(`${path}.json`, { force: true });
    expect(run()).toMatchObject({ status: 3, stdout: expect.stringContaining(path) });
  });

  it('takes nothing malformed from the file beside it', async () => {
    for (const beside of [
      '{',
      '[]',
      '{"adaptor":{}}',
      '{"capabilities":{"layouts":["thd"]}}',
      '{"capabilities":{"dtypes":["f16"]}}',
      '{"capabilities":{"masks":7}}',
    ]) {
      write(() => {}, beside);
      await expect(loadOnnx(path)).rejects.toThrow(DocumentError);
    }
  });

  it('is loaded or refused with a message, whatever JSON lies beside it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.record({ adapter: fc.jsonValue(), capabilities: fc.jsonValue() }).map((x) => JSON.stringify(x)),
        ),
        async (beside) => {
          write(() => {}, beside);
          await loadOnnx(path).catch((error: unknown) => expect(error).toBeInstanceOf(DocumentError));
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** An input or output, wherever it is used. */
function rename(graph: Graph, from: string, to: string): void {
  const swap = (names: string[] | null | undefined) => names?.map((name) => (name === from ? to : name));
  for (const port of [...(graph.input ?? []), ...(graph.output ?? [])]) if (port.name === from) port.name = to;
  for (const node of graph.node ?? []) Object.assign(node, { input: swap(node.input), output: swap(node.output) });
}
