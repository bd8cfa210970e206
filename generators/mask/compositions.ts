import type { Composition } from '../lib/case-space.js';

/** Simplest first. Single masks come first, so that a composition shrinks to its faulty part. */
export const compositions: readonly Composition[] = [
  { uses: [0], alone: true, build: (part) => part(0) },
  { uses: [1], alone: true, build: (part) => part(1) },
  { uses: [2], alone: true, build: (part) => part(2) },
  { uses: [0], build: (part) => ({ not: part(0) }) },
  { uses: [0, 1], build: (part) => ({ and: [part(0), part(1)] }) },
  { uses: [0, 1], build: (part) => ({ or: [part(0), part(1)] }) },
  { uses: [0, 1], perHead: true, build: (part) => ({ heads: [part(0), part(1)] }) },
  { uses: [0, 1], build: (part) => ({ and: [part(0), { not: part(1) }] }) },
  { uses: [0, 1], build: (part) => ({ or: [part(0), { not: part(1) }] }) },
  { uses: [0, 1, 2], build: (part) => ({ and: [part(0), part(1), part(2)] }) },
  { uses: [0, 1, 2], build: (part) => ({ or: [part(0), part(1), part(2)] }) },
  { uses: [0, 1, 2], build: (part) => ({ and: [part(0), { or: [part(1), part(2)] }] }) },
  { uses: [0, 1, 2], build: (part) => ({ or: [part(0), { and: [part(1), part(2)] }] }) },
];
