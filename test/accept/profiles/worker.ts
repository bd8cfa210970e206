import { parentPort } from 'node:worker_threads';
import { judgeCases } from './judged.js';
import { profileNamed } from './profile.js';

// A thread that judges cases.

/** Cases [from, to) of a profile. */
export interface Work {
  readonly profile: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

parentPort?.on('message', ({ profile, seed, from, to }: Work) => {
  parentPort?.postMessage(judgeCases(profileNamed(profile), seed, from, to));
});
