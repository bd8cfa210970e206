import { cpus } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { Unavailable } from '../../kernel.js';
import type { OnnxProto } from './model.js';

/** The API that every package of ONNX Runtime has. */
export type Ort = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor' | 'env'>;

/** One package with one of its execution providers, and the encoder of models. */
export interface Runtime {
  readonly ort: Ort;
  readonly proto: OnnxProto;
  readonly options: InferenceSession.SessionOptions;
  /** Versions, provider, machine. */
  readonly environment: Readonly<Record<string, string>>;
}

/** @throws {Unavailable} where a package is missing or does not load, or the provider does not start. */
export type LoadRuntime = () => Promise<Runtime>;

/** Two threads, so that the threaded paths of the kernels are taken on every machine. */
export const threads = 2;

/** Options of every session: errors reach the caller as exceptions, the log would repeat them on stderr. */
export const quiet = { logSeverityLevel: 4, logVerbosityLevel: 0 } as const;

/**
 * A package of ONNX Runtime and onnx-proto.
 * @throws {Unavailable} where one is missing or does not load.
 */
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
