import type { Capabilities } from '../spec/types/documents.js';
import type { Kernel } from './kernel.js';
import type { SchemeProgram } from './parallel/program.js';

export type { Tensor, Tensors } from '../spec/tensor/tensor.js';
export type { Capabilities, Case } from '../spec/types/documents.js';

/** Implementation under test. */
export interface Adapter {
  readonly id: string;
  readonly title: string;
  readonly version?: string;
  readonly capabilities: Capabilities;
  /** Scheme programs that run this kernel, each replacing the built-in program of its name. */
  readonly programs?: readonly SchemeProgram[];
  /** @throws {Unavailable} if this machine lacks something that the adapter needs. */
  open(): Promise<Kernel>;
}
