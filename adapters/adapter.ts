import type { Capabilities } from '../spec/types/documents.js';
import type { Kernel } from './kernel.js';
import type { SchemeProgram } from './parallel/program.js';

export type { Tensor, Tensors } from '../spec/tensor/tensor.js';
export type { Capabilities, Case } from '../spec/types/documents.js';

/** An implementation under test. */
export interface Adapter {
  readonly id: string;
  readonly title: string;
  readonly version?: string;
  readonly capabilities: Capabilities;
  /** Programs of schemes with this kernel inside, each in the place of ours of its name. A scheme of one's own lies beside its document (`--spec`). */
  readonly programs?: readonly SchemeProgram[];
  /** @throws {Unavailable} where this machine lacks what the adapter needs. */
  open(): Promise<Kernel>;
}
