import type { MessagePort } from 'node:worker_threads';
import type { Call } from '../../../kernel.js';
import type { RankReport } from '../transport.js';

/** Message to the thread of a rank. */
export type ToRank =
  | {
      readonly type: 'job';
      readonly rank: number;
      readonly call: Call;
      readonly backward: boolean;
      /** Port to every other rank; undefined at the rank's index. */
      readonly ports: readonly (MessagePort | undefined)[];
    }
  | { readonly type: 'abort'; readonly message: string };

/** Answer of a rank's thread to a job, sent once. */
export type RankAnswer =
  | { readonly type: 'unavailable'; readonly reason: string; readonly remedy: string }
  | { readonly type: 'done'; readonly report: RankReport }
  | { readonly type: 'failed'; readonly how: string; readonly message: string; readonly waits: readonly string[] };

/** Message from a rank's thread: an answer, or `open` when its kernel is open. */
export type FromRank = RankAnswer | { readonly type: 'open' };
