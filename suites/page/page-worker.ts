/** Used members of a Worker; tests pass their own. */
export interface PageWorker {
  onmessage: ((event: { readonly data: never }) => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault?(): void }) => void) | null;
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  terminate(): void;
}

/** Starts a worker from its file. */
export type StartWorker = (file: 'kernel-worker.js' | 'judge-worker.js') => PageWorker;
