import type { CallSpec } from '../contract/property.js';
import type { CaseReply } from '../runner/host/wire.js';
import type { Implementation } from './implementation.js';

/** Page to kernel worker. A batch holds the calls of each of its cases. */
export type ToKernel =
  | { readonly type: 'start'; readonly implementation: Implementation }
  | { readonly type: 'batch'; readonly cases: readonly (readonly CallSpec[])[] };

/** Kernel worker to page: replies come in order, one to a message; `alive` says that a call of the case under way returned. */
export type FromKernel =
  | { readonly type: 'opened'; readonly f16: boolean; readonly environment: Readonly<Record<string, string>> }
  | { readonly type: 'unavailable'; readonly reason: string; readonly remedy: string }
  | { readonly type: 'reply'; readonly reply: CaseReply; readonly data: ArrayBuffer }
  | { readonly type: 'alive' }
  /** The last message: the device is gone, and the kernel with it. */
  | { readonly type: 'crashed'; readonly class: string; readonly message: string };

/** The side of a worker that talks to its page. */
export interface WorkerScope<From, To> {
  onmessage: ((event: { readonly data: From }) => void) | null;
  postMessage(message: To, transfer?: readonly ArrayBuffer[]): void;
}
