import type { parallelCall } from '../../adapters/schemes/parallel-call.js';

/** A case on several ranks. The schemes are loaded where one is met. */
export const onRanks: typeof parallelCall = async (...call) =>
  (await import('../../adapters/schemes/parallel-call.js')).parallelCall(...call);
