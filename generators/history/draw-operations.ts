import type { Random } from 'fast-check';
import { chance, pick, weighted } from '../lib/random.js';
import { drawLength } from '../lib/sizes.js';
import { kinds, SEQUENCES } from './operations.js';

/** Draws operations. After a fork, both sequences are appended to, in one call or in two. */
export function drawOperations(random: Random, flat: Record<string, number>): void {
  const alive = new Set<number>();
  let other: number | undefined;
  for (let i = 0; i < flat.operations; i++) {
    const kind = alive.size === 0 ? 'append' : kinds[weighted(random, [46, 22, 12, 8, 12])];
    flat[`kind${i}`] = kinds.indexOf(kind);
    flat[`count${i}`] = weighted(random, [0, 50, 30, 12, 8]);
    flat[`sequence${i}`] = kind === 'append' ? random.nextInt(0, SEQUENCES - 1) : pick(random, [...alive]);
    const named = (x: number) => (flat[`sequence${i}`] + x) % SEQUENCES;
    switch (kind) {
      case 'append':
        if (i > 0 && kinds[flat[`kind${i - 1}`]] === 'fork') {
          const together = chance(random, 1, 2);
          const [from, apart] = [flat[`sequence${i - 1}`], flat[`count${i - 1}`]];
          flat[`sequence${i}`] = from;
          flat[`count${i}`] = together ? apart + 1 : 1;
          other = together ? undefined : (from + apart) % SEQUENCES;
        } else if (other !== undefined) {
          flat[`sequence${i}`] = other;
          flat[`count${i}`] = 1;
          other = undefined;
        }
        for (let x = 0; x < flat[`count${i}`]; x++) alive.add(named(x));
        break;
      case 'fork':
        flat[`count${i}`] = [1, 2, 3].find((x) => !alive.has(named(x))) ?? 1;
        alive.add(named(flat[`count${i}`]));
        break;
      case 'free':
        alive.delete(named(0));
    }
  }
}

/** Draws two or three sequences with full pages, lets one grow, and calls all of them. */
export function drawSeveralLengths(random: Random, page: number, flat: Record<string, number>): void {
  const count = random.nextInt(2, SEQUENCES - 1);
  const append = (at: number, sequence: number, sequences: number, tokens: number) =>
    Object.assign(flat, {
      [`kind${at}`]: kinds.indexOf('append'),
      [`sequence${at}`]: sequence,
      [`count${at}`]: sequences,
      [`tokens${at}`]: tokens,
    });
  flat.operations = 3;
  append(0, 0, count, page * random.nextInt(1, 2) + random.nextInt(0, page - 1));
  append(1, random.nextInt(0, count - 1), 1, random.nextInt(1, page + 1));
  append(2, 0, count, weighted(random, [0, 3, 1, 1, 1]));
}

/** New tokens of a sequence: one (decoding), a few, near a multiple of a page, or a prompt. */
export function drawTokenCount(random: Random, page: number): number {
  switch (weighted(random, [30, 25, page > 0 ? 30 : 0, 15])) {
    case 0:
      return 1;
    case 1:
      return random.nextInt(2, 8);
    case 2:
      return Math.max(1, page * pick(random, [1, 1, 2, 3]) + random.nextInt(-1, 1));
    default:
      return drawLength(random);
  }
}
