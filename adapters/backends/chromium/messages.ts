import { decodeSafetensors, encodeSafetensors } from '../../../spec/tensor/safetensors.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Call } from '../../kernel.js';

// Messages between the host and its page: safetensors files, whose metadata holds everything that is not a tensor.

export interface CallMessage extends Call {
  readonly command: 'forward' | 'backward';
}

/** Error of a kernel, or of opening its device. */
export interface PageError {
  /** Name of the error: Unavailable, Crashed, OutOfMemory, Unsupported or any other. */
  readonly name: string;
  readonly message: string;
  /** Remedy of an Unavailable. */
  readonly remedy?: string;
  /** Cause of a Crashed, such as device-lost. */
  readonly how?: string;
}

/** Answer of the page to a message. The first answer holds the environment and no tensors. */
export type AnswerMessage =
  | { readonly tensors: Tensors; readonly environment?: Readonly<Record<string, string>> }
  | { readonly error: PageError };

export function encodeCall({ command, tensors, ...rest }: CallMessage): Uint8Array {
  return encodeSafetensors(tensors, { command, call: JSON.stringify(rest) });
}

/** @throws {SafetensorsError} */
export function decodeCall(bytes: Uint8Array): CallMessage {
  const { tensors, metadata } = decodeSafetensors(bytes);
  return { command: metadata.command as CallMessage['command'], ...(JSON.parse(metadata.call) as Omit<Call, 'tensors'>), tensors };
}

export function encodeAnswer(answer: AnswerMessage): Uint8Array {
  if ('error' in answer) return encodeSafetensors({}, { error: JSON.stringify(answer.error) });
  const { tensors, environment } = answer;
  return encodeSafetensors(tensors, environment ? { environment: JSON.stringify(environment) } : {});
}

/** @throws {SafetensorsError} */
export function decodeAnswer(bytes: Uint8Array): AnswerMessage {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.error !== undefined) return { error: JSON.parse(metadata.error) };
  return { tensors, ...(metadata.environment !== undefined && { environment: JSON.parse(metadata.environment) }) };
}
