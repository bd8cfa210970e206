import fc from 'fast-check';
import protobuf from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { encodeModel, type OneNode } from '../../../../adapters/backends/onnxruntime/model.js';

const { onnx } = protobuf;
const name = fc.stringMatching(/^[a-z][a-z_]{0,8}$/);
const port = fc.record({ name, type: fc.constantFrom('float32', 'float16', 'bool', 'int32', 'int64'), rank: fc.nat(4) } as const);

const node: fc.Arbitrary<OneNode> = fc.record({
  domain: fc.constantFrom('', 'com.microsoft'),
  opset: fc.integer({ min: 1, max: 24 }),
  op: name,
  integers: fc.dictionary(name, fc.integer({ min: -1, max: 1000 })),
  floats: fc.dictionary(name, fc.float()),
  inputs: fc.array(fc.option(port, { nil: undefined })),
  outputs: fc.array(port, { minLength: 1 }),
} as const);

describe('encodeModel', () => {
  it('writes a model that reads back as the node', () => {
    fc.assert(
      fc.property(node, (wanted) => {
        const { graph, opsetImport } = onnx.ModelProto.decode(encodeModel(onnx, wanted));
        expect(opsetImport).toMatchObject([{ domain: wanted.domain, version: expect.anything() }]);
        expect(Number(opsetImport[0].version)).toBe(wanted.opset);
        const [read] = graph?.node ?? [];
        expect(read.opType).toBe(wanted.op);
        expect(read.input).toEqual(wanted.inputs.map((p) => p?.name ?? ''));
        expect(read.output).toEqual(wanted.outputs.map((p) => p.name));
        expect((graph?.input ?? []).map((i) => i.type?.tensorType?.shape?.dim?.length)).toEqual(
          wanted.inputs.flatMap((p) => (p ? [p.rank] : [])),
        );
        const attributes = (read.attribute ?? []).map((a) => [
          a.name,
          a.type === onnx.AttributeProto.AttributeType.INT ? Number(a.i) : a.f,
        ]);
        expect(attributes).toEqual([...Object.entries(wanted.integers), ...Object.entries(wanted.floats)]);
      }),
    );
  });
});
