// Writes kernel.onnx beside this file: npm install onnx-proto, then node make-kernel.mjs. Any other way to make a model will do:
// what counts are the names and shapes of its inputs and outputs. kernel.onnx.json says what the model cannot say of itself.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'onnx-proto';

const { onnx } = protobuf;
const { FLOAT, BOOL, INT64 } = onnx.TensorProto.DataType;
const { INT, INTS } = onnx.AttributeProto.AttributeType;

// dimensions of one name are equal: here k has as many heads as q
const port = (name, elemType, dims) => ({
  name,
  type: { tensorType: { elemType, shape: { dim: dims.map((dim) => ({ dimParam: dim })) } } },
});
const node = (opType, input, output, attribute = []) => ({ opType, input, output: [output], attribute });

const graph = {
  name: 'attention',
  input: [
    port('q', FLOAT, ['b', 'h', 'm', 'd']),
    port('k', FLOAT, ['b', 'h', 'n', 'd']),
    port('v', FLOAT, ['b', 'h', 'n', 'e']),
    port('mask', BOOL, ['b', 'h', 'm', 'n']),
    port('scale', FLOAT, []),
  ],
  output: [port('o', FLOAT, ['b', 'h', 'm', 'e']), port('lse', FLOAT, ['b', 'h', 'm'])],
  initializer: [
    { name: 'hidden', dataType: FLOAT, dims: [], floatData: [-Infinity] },
    { name: 'lowest', dataType: FLOAT, dims: [], floatData: [-3e38] },
    { name: 'last_axis', dataType: INT64, dims: [1], int64Data: [-1] },
  ],
  node: [
    node('Transpose', ['k'], 'kt', [{ name: 'perm', type: INTS, ints: [0, 1, 3, 2] }]),
    node('MatMul', ['q', 'kt'], 'qk'),
    node('Mul', ['qk', 'scale'], 'scores'),
    node('Where', ['mask', 'scores', 'hidden'], 'masked'),
    node('Softmax', ['masked'], 'p', [{ name: 'axis', type: INT, i: -1 }]),
    node('MatMul', ['p', 'v'], 'o'),
    // ReduceLogSumExp of ONNX Runtime 1.30 loses a row that begins with -Infinity: here a row begins with a number, and one without keys is told by it
    node('Max', ['masked', 'lowest'], 'finite'),
    node('ReduceLogSumExp', ['finite', 'last_axis'], 'total', [{ name: 'keepdims', type: INT, i: 0 }]),
    node('LessOrEqual', ['total', 'lowest'], 'empty'),
    node('Where', ['empty', 'hidden', 'total'], 'lse'),
  ],
};

/** The model as protobuf bytes. */
export const model = onnx.ModelProto.encode({
  irVersion: 9,
  producerName: 'attention-cts',
  opsetImport: [{ version: 20 }],
  graph,
}).finish();

const here = fileURLToPath(import.meta.url);
if (process.argv[1] === here) writeFileSync(fileURLToPath(new URL('kernel.onnx', import.meta.url)), model);
