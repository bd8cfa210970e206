import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from './kinds.js';
import { drawFrom, mutate } from './mutate.js';
import { seeds } from './seeds.js';

/** Outcomes of the spoiled documents of a kind. */
export interface Tally {
  readonly kind: string;
  readonly documents: number;
  readonly accepted: number;
  /** Refused with a message that names the document and the place in it, or the flag. */
  readonly refused: number;
  /** Outcomes that must not be: a stack, a file that was not to be touched, a document over the limit. In words, with the number of the document. */
  readonly wrong: readonly string[];
  /** Milliseconds of the slowest. */
  readonly slowest: number;
}

/** The errors that a user is told in one line, exit 2. */
const told = new Set(['DocumentError', 'UsageError']);
/** Milliseconds of a processor that reading and printing one document may take: those of the clock are the machine's, which others may load. */
export const limit = 20_000;

/** The document of a number: the same in every process. */
export function documentOf(kind: string, number: number): string {
  const draw = drawFrom(Math.imul(number + 1, 2654435761) ^ kind.length);
  const all = seeds[kind];
  return mutate(all[draw(all.length)], draw);
}

/**
 * Reads documents of a kind, each spoiled in another way.
 * @param before is told the number of each document before it is read: where reading never ends, that was the one.
 */
export async function judgeKind(kind: string, from: number, to: number, before: (number: number) => void = () => {}): Promise<Tally> {
  const root = mkdtempSync(join(tmpdir(), 'attention-cts-hostile-'));
  const home = join(root, 'home');
  mkdirSync(home);
  writeFileSync(join(root, 'canary'), 'as it was');
  const wrong: string[] = [];
  let [accepted, refused, slowest] = [0, 0, 0];
  try {
    for (let number = from; number < to; number++) {
      before(number);
      const text = documentOf(kind, number);
      const begun = process.cpuUsage();
      const fault = await faultOf(kind, text, home);
      const { user, system } = process.cpuUsage(begun);
      const took = (user + system) / 1000;
      slowest = Math.max(slowest, took);
      if (fault === undefined) accepted++;
      else if (fault === '') refused++;
      else wrong.push(`${kind} ${number}: ${fault}`);
      if (took > limit) wrong.push(`${kind} ${number}: took ${Math.round(took)} ms`);
    }
    const foreign = Object.keys(Object.prototype);
    if (foreign.length > 0) wrong.push(`${kind}: every object now has ${foreign.join(', ')}`);
    if (readdirSync(root).sort().join() !== 'canary,home' || readFileSync(join(root, 'canary'), 'utf8') !== 'as it was')
      wrong.push(`${kind}: something was written outside the folder`);
    return { kind, documents: to - from, accepted, refused, wrong, slowest };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @returns undefined where it is accepted, '' where it is refused as a user's fault, else what is wrong. */
async function faultOf(kind: string, text: string, home: string): Promise<string | undefined> {
  try {
    await kinds[kind](text, home);
    return undefined;
  } catch (error) {
    if (error instanceof Error && told.has(error.name) && error.message !== '') return '';
    return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : `threw ${String(error)}`;
  }
}
