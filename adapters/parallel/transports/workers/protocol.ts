import type { MessagePort } from 'node:worker_threads';
import type { Call } from '../../../kernel.js';
import type { RankReport } from '../transport.js';

/** What a rank's thread is told. */
export type ToRank =
  | {
      readonly type: 'job';
      readonly rank: number;
      readonly call: Call;
      readonly backward: boolean;
      /** To every other rank; none at its own place. */
      readonly ports: readonly (MessagePort | undefined)[];
    }
  /** Another rank ended the job. */
  | { readonly type: 'abort'; readonly message: string };

/** What it answers to a job, once. */
export type Answer =
  | { readonly type: 'unavailable'; readonly reason: string; readonly remedy: string }
  | { readonly type: 'done'; readonly report: RankReport }
  | { readonly type: 'failed'; readonly how: string; readonly message: string; readonly waits: readonly string[] };

/** It says so when it has opened its kernel, in its first job. */
export type FromRank = Answer | { readonly type: 'open' };
