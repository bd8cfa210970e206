import { closeSync, openSync, writeSync } from 'node:fs';
import { judgeKind } from './judge.js';

// node worker.ts KIND COUNT PROGRESS: judges spoiled documents of a kind, and keeps the number of the one under way in a file
const [kind, count, progress] = process.argv.slice(2);
const fd = openSync(progress, 'w');
const number = Buffer.alloc(4);
const tally = await judgeKind(kind, 0, Number(count), (at) => {
  number.writeUInt32LE(at);
  writeSync(fd, number, 0, 4, 0);
});
closeSync(fd);
process.send?.(tally);
