import { anyRank } from '../communicator.js';

/** A rank that waits for a message, in words. */
export function describeWait(rank: number, { from, channel }: { readonly from: number; readonly channel: string }): string {
  return `rank ${rank} waits for ${from === anyRank ? 'any rank' : `rank ${from}`} on ${channel}`;
}
