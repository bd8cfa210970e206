import { cpus } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { Unavailable } from '../../kernel.js';
import type { OnnxProto } from './model.js';

/** API that all packages of ONNX Runtime share. */
export type Ort = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor' | 'env'>;

/** Package with one execution provider, and the model encoder. */
export interface Runtime {
  readonly ort: Ort;
  readonly proto: OnnxProto;
  readonly options: InferenceSession.SessionOptions;
  readonly environment: Readonly<Record<string, string>>;
}

/** @throws {Unavailable} if a package is missing or broken, or the provider does not start. */
export type LoadRuntime = () => Promise<Runtime>;

/** Two threads, to run the threaded paths of kernels on every machine. */
export const threads = 2;

/** Session options without a log: errors are thrown. */
export const quiet = { logSeverityLevel: 4, logVerbosityLevel: 0 } as const;

/** Imports a package and onnx-proto. @throws {Unavailable} if one is missing or does not load. */
export async function importPackages<T extends Ort>(
  name: string,
  importOrt: () => Promise<T>,
  remedy: string,
): Promise<{ ort: T; proto: OnnxProto }> {
  try {
    const [ort, { default: protobuf }] = await Promise.all([importOrt(), import('onnx-proto')]);
    return { ort, proto: protobuf.onnx };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node's message would name the importing file
    const reason =
      code === 'ERR_MODULE_NOT_FOUND' ? `${name} or onnx-proto is not installed` : `${name} does not load: ${message.split('\n')[0]}`;
    throw new Unavailable(reason, remedy);
  }
}

export function host(): Record<string, string> {
  return { node: process.version, platform: process.platform, arch: process.arch, cpu: cpus()[0]?.model ?? 'unknown' };
}
