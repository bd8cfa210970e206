import type { onnx } from 'onnx-proto';

export type OnnxProto = typeof onnx;

/** Element types, by onnxruntime's names. */
export type OnnxType = 'float32' | 'float16' | 'float64' | 'bool' | 'int32' | 'int64';

export interface Port {
  readonly name: string;
  readonly type: OnnxType;
  /** Rank; all dimensions are open, so that one session serves every shape. */
  readonly rank: number;
}

/** Model of a single node. */
export interface OneNode {
  readonly domain: '' | 'com.microsoft';
  readonly opset: number;
  readonly op: string;
  readonly integers: Readonly<Record<string, number>>;
  readonly floats: Readonly<Record<string, number>>;
  /** Inputs in the operator's order; undefined for an omitted input. */
  readonly inputs: readonly (Port | undefined)[];
  readonly outputs: readonly Port[];
}

const elementType = { float32: 'FLOAT', float16: 'FLOAT16', float64: 'DOUBLE', bool: 'BOOL', int32: 'INT32', int64: 'INT64' } as const;

/** Encodes a model as protobuf (https://github.com/onnx/onnx/blob/main/docs/IR.md). */
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
