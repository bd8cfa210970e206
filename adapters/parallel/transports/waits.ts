import { anyRank } from '../communicator.js';

/** Describes a rank's wait for a message. */
export function describeWait(rank: number, { from, channel }: { readonly from: number; readonly channel: string }): string {
  return `rank ${rank} waits for ${from === anyRank ? 'any rank' : `rank ${from}`} on ${channel}`;
}
