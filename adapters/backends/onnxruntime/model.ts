import type { onnx } from 'onnx-proto';

/** The `onnx` namespace of onnx-proto, imported where an adapter opens. */
export type OnnxProto = typeof onnx;

/** Element types of inputs and outputs, by onnxruntime's names. */
export type OnnxType = 'float32' | 'float16' | 'float64' | 'bool' | 'int32' | 'int64';

export interface Port {
  readonly name: string;
  readonly type: OnnxType;
  /** All dimensions are left open, so that one session serves every shape. */
  readonly rank: number;
}

/** A model that is one node. */
export interface OneNode {
  /** Empty for ai.onnx. */
  readonly domain: '' | 'com.microsoft';
  readonly opset: number;
  readonly op: string;
  /** INT and FLOAT attributes. */
  readonly integers: Readonly<Record<string, number>>;
  readonly floats: Readonly<Record<string, number>>;
  /** In the operator's order; undefined where an optional input is left out. */
  readonly inputs: readonly (Port | undefined)[];
  readonly outputs: readonly Port[];
}

const elementType = { float32: 'FLOAT', float16: 'FLOAT16', float64: 'DOUBLE', bool: 'BOOL', int32: 'INT32', int64: 'INT64' } as const;

/** The model as protobuf bytes (https://github.com/onnx/onnx/blob/main/docs/IR.md). */
export function encodeModel(proto: OnnxProto, node: OneNode): Uint8Array {
  const { AttributeType } = proto.AttributeProto;
  const valueInfo = (port: Port): onnx.IValueInfoProto => {
    const dim = Array.from({ length: port.rank }, (_, axis) => ({ dimParam: `${port.name}_${axis}` }));
    return { name: port.name, type: { tensorType: { elemType: proto.TensorProto.DataType[elementType[port.type]], shape: { dim } } } };
  };
  return proto.ModelProto.encode({
    irVersion: proto.Version.IR_VERSION,
    producerName: 'attention-cts',
    opsetImport: [{ domain: node.domain, version: node.opset }],
    graph: {
      name: node.op,
      node: [
        {
          opType: node.op,
          domain: node.domain,
          input: node.inputs.map((port) => port?.name ?? ''),
          output: node.outputs.map((port) => port.name),
          attribute: [
            ...Object.entries(node.integers).map(([name, i]) => ({ name, type: AttributeType.INT, i })),
            ...Object.entries(node.floats).map(([name, f]) => ({ name, type: AttributeType.FLOAT, f })),
          ],
        },
      ],
      input: node.inputs.filter((port) => port !== undefined).map(valueInfo),
      output: node.outputs.map(valueInfo),
    },
  }).finish();
}
