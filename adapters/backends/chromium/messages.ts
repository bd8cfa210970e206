import { decodeSafetensors, encodeSafetensors } from '../../../spec/tensor/safetensors.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Call } from '../../kernel.js';

// Messages between host and page: safetensors files with all other data in their metadata.

export interface CallMessage extends Call {
  readonly command: 'forward' | 'backward';
}

export interface PageError {
  /** Unavailable, Crashed, OutOfMemory, Unsupported, or any other error name. */
  readonly name: string;
  readonly message: string;
  readonly remedy?: string;
  /** Cause of a Crashed, e.g. device-lost. */
  readonly how?: string;
}

/** Answer of the page. The first answer holds the environment and no tensors. */
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
