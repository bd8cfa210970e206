import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atATime } from '../../suites/lib/at-a-time.js';
import type { Tally } from '../hostile/judge.js';
import { seeds } from '../hostile/seeds.js';
import { hostileCommands } from './hostile-commands.js';

const worker = fileURLToPath(new URL('../hostile/worker.ts', import.meta.url));
/** Milliseconds in which a process gets on with its documents: a document that takes longer hangs. */
const patience = 120_000;

/**
 * Spoiled documents of every kind, each accepted or refused with its place, by the functions that the commands are made of; and some
 * by the commands themselves. @returns what is wrong, in words.
 */
export async function hostileDocuments(count: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-hostile-'));
  const wrong: string[] = [];
  const sum = { documents: 0, accepted: 0, refused: 0 };
  try {
    await atATime(Object.keys(seeds), 2, async (kind) => {
      const tally = await judged(kind, count, join(folder, kind));
      if (typeof tally === 'string') wrong.push(tally);
      else {
        const { documents, accepted, refused, slowest } = tally;
        wrong.push(...tally.wrong);
        sum.documents += documents;
        sum.accepted += accepted;
        sum.refused += refused;
        const outcome = `${accepted} accepted, ${refused} refused, ${tally.wrong.length} WRONG; the slowest ${Math.round(slowest)} ms`;
        console.log(`  ${kind.padEnd(14)} ${documents} documents: ${outcome}`);
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`  ${sum.documents} documents in all: ${sum.accepted} accepted, ${sum.refused} refused`);
  return [...wrong, ...(await hostileCommands(20))];
}

/** Judges a kind in a process of its own. @returns its tally, or what went wrong with the process. */
function judged(kind: string, count: number, progress: string): Promise<Tally | string> {
  const child = fork(worker, [kind, String(count), progress], { execArgv: ['--import', 'jiti/register'] });
  return new Promise((done) => {
    let last = -1;
    const number = () => {
      try {
        return readFileSync(progress).readUInt32LE();
      } catch {
        return -1;
      }
    };
    const watch = setInterval(() => {
      const now = number();
      if (now === last) child.kill('SIGKILL');
      last = now;
    }, patience);
    child.once('message', (tally: Tally) => done(tally));
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      done(`${kind} ${number()}: the process ended with ${signal ?? `code ${code}`}`);
    });
  });
}
