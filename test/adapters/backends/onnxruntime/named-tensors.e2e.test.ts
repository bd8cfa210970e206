import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { loadOnnx } from '../../../../adapters/backends/onnxruntime/user-model.js';
import { createLibrary } from '../../../../spec/library.js';
import { readSpecFolder } from '../../../../suites/lib/spec-folder.js';
import { everyProperty, judgeOperators } from '../../../suites/judge-operators.js';
import { scratch } from '../../../suites/runner/run-kernels.js';

const { onnx } = protobuf;
const { FLOAT, BOOL, INT32, INT64 } = onnx.TensorProto.DataType;
const { INT, INTS } = onnx.AttributeProto.AttributeType;
const documents = readSpecFolder(join(import.meta.dirname, '../../../kernels/named-tensors'));
const { operators } = createLibrary(documents);

const port = (name: string, elemType: number, dims: (string | number)[]) => ({
  name,
  type: { tensorType: { elemType, shape: { dim: dims.map((dim) => (typeof dim === 'string' ? { dimParam: dim } : { dimValue: dim })) } } },
});
const node = (opType: string, input: string[], output: string, attribute: object[] = []) => ({
  opType,
  input,
  output: [output],
  attribute,
});
const transposed = (input: string, output: string, ...ints: number[]) =>
  node('Transpose', [input], output, [{ name: 'perm', type: INTS, ints }]);
const axes = (name: string, ...int64Data: number[]) => ({ name, dataType: INT64, dims: [int64Data.length], int64Data });

/** Gated pools; its output o is laid out as blhd. */
const graph = {
  name: 'pool',
  input: [
    port('q', FLOAT, ['b', 'h', 'm', 'd']),
    port('k', FLOAT, ['b', 'h', 'n', 'd']),
    port('v', FLOAT, ['b', 'h', 'n', 'r']),
    port('gate', FLOAT, ['b', 'h', 'n']),
    port('w', FLOAT, ['h', 'e', 'r']),
    port('keep', BOOL, ['b', 'n']),
    port('bucket', INT32, ['b', 'n']),
    port('mask', BOOL, ['b', 'h', 'm', 'n']),
    port('factor', FLOAT, []),
  ],
  output: [port('o', FLOAT, ['b', 'm', 'h', 'e']), port('total', FLOAT, ['b', 'h', 'r'])],
  initializer: [
    { name: 'zero', dataType: FLOAT, dims: [], floatData: [0] },
    { name: 'one', dataType: FLOAT, dims: [], floatData: [1] },
    axes('last', -1),
    axes('around', 1, 3),
    axes('tokens', 2),
  ],
  node: [
    node('Unsqueeze', ['gate', 'last'], 'gates'),
    node('Mul', ['v', 'gates'], 'gated'),
    node('Unsqueeze', ['keep', 'around'], 'keeps'),
    node('Where', ['keeps', 'gated', 'zero'], 'kept'),
    node('Cast', ['bucket'], 'buckets', [{ name: 'to', type: INT, i: FLOAT }]),
    node('Add', ['buckets', 'one'], 'times'),
    node('Unsqueeze', ['times', 'around'], 'multiples'),
    node('Mul', ['kept', 'multiples'], 'x'),
    transposed('k', 'kt', 0, 1, 3, 2),
    node('MatMul', ['q', 'kt'], 'qk'),
    node('Mul', ['qk', 'factor'], 's'),
    node('Where', ['mask', 's', 'zero'], 'p'),
    node('MatMul', ['p', 'x'], 'y'),
    transposed('w', 'wt', 0, 2, 1),
    node('MatMul', ['y', 'wt'], 'heads'),
    transposed('heads', 'o', 0, 2, 1, 3),
    node('ReduceSum', ['kept', 'tokens'], 'total', [{ name: 'keepdims', type: INT, i: 0 }]),
  ],
};

const beside = { outputLayout: 'blhd', capabilities: { operators: ['gated-pool'], dialect: { maskedNaN: 'leaks' } } };

function write(manifest: object = beside, changed: object = {}): string {
  const model = { irVersion: 9, producerName: 'test', opsetImport: [{ version: 20 }], graph: { ...graph, ...changed } };
  const path = join(scratch(), 'pool.onnx');
  writeFileSync(path, onnx.ModelProto.encode(model).finish());
  writeFileSync(`${path}.json`, JSON.stringify(manifest));
  return path;
}

async function judge(path: string, filter: string) {
  const adapter = await loadOnnx(path, undefined, operators);
  const kernel = await adapter.open();
  const told = await judgeOperators(adapter, kernel, [...documents, everyProperty(['gated-pool'])], { runs: 3, filter: [filter] });
  await kernel[Symbol.asyncDispose]();
  return told.filter(({ verdict }) => verdict !== 'unsupported');
}

describe('a model of an operator with tensors of its own names', () => {
  it('conforms, with its outputs in a layout of their own', async () => {
    const told = await judge(write(), 'gated-pool*/{full,causal,any}/{oracle,stateless}/f32');
    expect(told.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(told.map(({ id }) => id)).toEqual(expect.arrayContaining(['gated-pool/causal/oracle/f32', 'gated-pool+cross/any/oracle/f32']));
  });

  it('fails where its outputs are said to lie otherwise', async () => {
    const told = await judge(write({ ...beside, outputLayout: 'bhld' }), 'gated-pool/full/oracle/f32');
    expect(told).toMatchObject([{ verdict: 'fail shape' }]);
  });

  it('claims what its ports say', async () => {
    const fixed = graph.input.map((one) => (one.name === 'v' ? port('v', FLOAT, ['b', 'h', 'n', 3]) : one));
    const { capabilities } = await loadOnnx(write(beside, { input: fixed }), undefined, operators);
    expect(capabilities).toMatchObject({
      operators: ['gated-pool'],
      options: ['factor'],
      outputs: ['o', 'total'],
      denseMask: 'boolean',
      limits: { r: [3] },
      grouped: false,
    });
    const same = graph.input.map((one) => (one.name === 'v' ? port('v', FLOAT, ['b', 'h', 'n', 'd']) : one));
    const tied = same.map((one) => (one.name === 'w' ? port('w', FLOAT, ['h', 'e', 'd']) : one));
    expect((await loadOnnx(write(beside, { input: tied }), undefined, operators)).capabilities.limits).toMatchObject({ r: '=d' });
  });

  it.each<[string, object, object, RegExp]>([
    ['a name that the document lacks', beside, { input: renamed('gate', 'gaet') }, /input "gaet".*rename it \(nearest of \d+: "gate"/],
    ['numbers for booleans', beside, { input: retyped('keep', FLOAT) }, /input "keep" is float32\[b, n\].*make it bool/],
    ['an operator that nobody knows', { capabilities: { operators: ['gated-pol'] } }, {}, /must be a list of one operator; nearest of/],
    ['two operators', { capabilities: { operators: ['gated-pool', 'softmax'] } }, {}, /must be a list of one operator/],
  ])('is refused with %s', async (_, manifest, changed, problem) => {
    // the nodes need not fit: the ports are looked at alone
    const loose = 'input' in changed ? { ...changed, node: looseNodes } : changed;
    await expect(loadOnnx(write(manifest, loose), undefined, operators)).rejects.toThrow(problem);
  });
});

/** Outputs without the inputs. */
const looseNodes = [node('Identity', ['q'], 'o'), node('Identity', ['q'], 'total')];

function renamed(from: string, to: string) {
  return graph.input.map((one) => (one.name === from ? { ...one, name: to } : one));
}

function retyped(name: string, elemType: number) {
  return graph.input.map((one) => (one.name === name ? port(name, elemType, ['b', 'n']) : one));
}
