import { cpus } from 'node:os';
import { Unavailable } from '../adapter.js';
import type { OnnxProto } from './model.js';

export type Ort = typeof import('onnxruntime-node');

/** The two packages that the adapters need. */
export interface Runtime {
  readonly ort: Ort;
  readonly proto: OnnxProto;
}

/** Two threads, so that the threaded paths of the kernels are taken on every machine. */
export const threads = 2;

/** @throws {Unavailable} where a package is missing or does not load. */
export async function loadRuntime(): Promise<Runtime> {
  try {
    const [ort, { default: protobuf }] = await Promise.all([import('onnxruntime-node'), import('onnx-proto')]);
    return { ort, proto: protobuf.onnx };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node's message would name the importing file
    const reason =
      code === 'ERR_MODULE_NOT_FOUND'
        ? 'onnxruntime-node or onnx-proto is not installed'
        : `ONNX Runtime does not load: ${message.split('\n')[0]}`;
    throw new Unavailable(reason, 'npm install --onnxruntime-node-install=skip onnxruntime-node onnx-proto');
  }
}

export function environmentOf({ ort }: Runtime): Record<string, string> {
  return {
    'onnxruntime-node': ort.env.versions.node ?? ort.env.versions.common,
    provider: 'cpu',
    threads: String(threads),
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpu: cpus()[0]?.model ?? 'unknown',
  };
}
