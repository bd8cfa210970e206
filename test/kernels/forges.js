import { writeSync } from 'node:fs';
import { kernel, small } from './kernel.js';

/** The file of its host's channel to the runner. */
const channel = 5;

function frame(message, announced) {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(8);
  head.writeUInt32LE(announced ?? text.length, 0);
  return Buffer.concat([head, text]);
}

const alive = frame({ type: 'alive' });

/** What it writes on its host's channel from 20 keys on: ATTN_FORGERY names one. */
const forgeries = {
  verdict: () => writeSync(channel, frame({ type: 'verdict', verdict: 'pass' })),
  null: () => writeSync(channel, frame(null)),
  number: () => writeSync(channel, frame({ type: 'replies', batch: 1, replies: 5 })),
  length: () => writeSync(channel, frame({}, 4e9)),
  noise: () => writeSync(channel, 'computing ...\n'),
  fault: () => writeSync(channel, frame({ type: 'replies', batch: 1, replies: [{ calls: [], fault: { kind: 7 } }] })),
  // and never answers
  alive: () => new Promise(() => setInterval(() => writeSync(channel, alive), 20)),
  progress: () => {
    writeSync(4, new Uint8Array(8).fill(255), 0, 8, 0);
    process.exit(3);
  },
};

export default kernel(
  'forges',
  async ({ case: c }, right) => {
    if (c.dims.n >= 20) await forgeries[process.env.ATTN_FORGERY ?? 'verdict']();
    return right();
  },
  small,
);
