import type { CallSpec } from '../contract/property.js';
import type { CaseReply } from '../runner/host/wire.js';
import type { Implementation } from './implementation.js';

/** Page to kernel worker. A batch holds the calls of each case. */
export type ToKernel =
  | { readonly type: 'start'; readonly implementation: Implementation }
  | { readonly type: 'batch'; readonly cases: readonly (readonly CallSpec[])[] };

/** Kernel worker to page: replies in order; `alive` after each call of a case. */
export type FromKernel =
  | { readonly type: 'opened'; readonly f16: boolean; readonly environment: Readonly<Record<string, string>> }
  | { readonly type: 'unavailable'; readonly reason: string; readonly remedy: string }
  | { readonly type: 'reply'; readonly reply: CaseReply; readonly data: ArrayBuffer }
  | { readonly type: 'alive' }
  /** The last message: the device is lost. */
  | { readonly type: 'crashed'; readonly class: string; readonly message: string };

/** Worker's side of its channel to the page. */
export interface WorkerScope<From, To> {
  onmessage: ((event: { readonly data: From }) => void) | null;
  postMessage(message: To, transfer?: readonly ArrayBuffer[]): void;
}
