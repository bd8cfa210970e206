import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PagedCache } from '../../../generators/history/cache.js';
import type { Operation } from '../../../spec/types/documents.js';

/** Model of a cache: the tokens of each sequence, in order. */
interface Model {
  readonly page: number;
  readonly sequences: Map<number, number[]>;
  tokens: number;
}

/** Operation on both the model and the cache. After it, each sequence of a call has its tokens, wherever they lie. */
class Command implements fc.Command<Model, PagedCache> {
  constructor(private readonly operation: Operation) {}

  check(m: Readonly<Model>): boolean {
    const of = (id: number) => m.sequences.get(id) ?? [];
    const { operation } = this;
    switch (operation.op) {
      case 'fork':
        return of(operation.from).length > 0 && of(operation.to).length === 0;
      case 'free':
        return of(operation.sequence).length > 0;
      case 'evict':
        return of(operation.sequence).length >= operation.pages * m.page;
      default:
        return true;
    }
  }

  run(m: Model, cache: PagedCache): void {
    const { operation } = this;
    expect(cache.whyNot(operation)).toBeUndefined();
    if (operation.op !== 'append') {
      cache.apply(operation);
      change(m, operation);
      return;
    }
    const call = cache.call(operation);
    const first = m.tokens;
    change(m, operation);
    operation.sequences.forEach((id, entry) => {
      expect([...call.entries[entry].sequence]).toEqual(m.sequences.get(id));
    });
    // a call writes its own tokens, and nothing else
    const written = [...call.after].flatMap((token, slot) => (token === call.before[slot] ? [] : [token]));
    expect(written.sort((a, b) => a - b)).toEqual(Array.from({ length: m.tokens - first }, (_, i) => first + i));
    expect(call.after.length).toBe(call.pages * m.page);
    for (const { pages } of call.entries) expect(new Set(pages).size).toBe(pages.length);
  }

  toString(): string {
    return JSON.stringify(this.operation);
  }
}

function change(m: Model, operation: Operation): void {
  const of = (id: number) => m.sequences.get(id) ?? [];
  switch (operation.op) {
    case 'append':
      for (const id of operation.sequences) {
        m.sequences.set(id, [...of(id), ...Array.from({ length: operation.tokens }, () => m.tokens++)]);
      }
      break;
    case 'fork':
      m.sequences.set(operation.to, [...of(operation.from)]);
      break;
    case 'free':
      m.sequences.delete(operation.sequence);
      break;
    case 'evict':
      m.sequences.set(operation.sequence, of(operation.sequence).slice(operation.pages * m.page));
  }
}

const sequence = fc.nat(3);
const commands = fc.commands(
  [
    fc.record({
      op: fc.constant('append' as const),
      sequences: fc.uniqueArray(sequence, { minLength: 1 }),
      tokens: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({ op: fc.constant('fork' as const), from: sequence, to: sequence }),
    fc.record({ op: fc.constant('free' as const), sequence }),
    fc.record({ op: fc.constant('evict' as const), sequence, pages: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ op: fc.constant('permute' as const), seed: fc.nat(255) }),
  ].map((operation) => operation.map((o) => new Command(o))),
  { size: 'medium', maxCommands: 40 },
);

describe('a paged cache', () => {
  it('holds what was appended, through forks, evictions, reuse and permutations', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), commands, (page, drawn) => {
        fc.modelRun(() => ({ model: { page, sequences: new Map(), tokens: 0 }, real: new PagedCache(page) }), drawn);
      }),
      { numRuns: 300 },
    );
  });

  it('copies a shared page before it is written to, once', () => {
    const cache = new PagedCache(4);
    cache.apply({ op: 'append', sequences: [0], tokens: 5 });
    cache.apply({ op: 'fork', from: 0, to: 1 });
    const call = cache.call({ op: 'append', sequences: [0, 1], tokens: 1 });
    const [parent, child] = call.entries.map(({ pages }) => pages);
    expect([parent[0], child[0]]).toEqual([0, 0]);
    expect([parent[1], child[1]].sort()).toEqual([1, 2]);
    expect(call.pages).toBe(4);
  });

  it('takes the page that was given back last, with what lies in it', () => {
    const cache = new PagedCache(2);
    cache.apply({ op: 'append', sequences: [0], tokens: 3 });
    cache.apply({ op: 'free', sequence: 0 });
    const call = cache.call({ op: 'append', sequences: [1], tokens: 1 });
    expect(call.entries[0].pages).toEqual([1]);
    expect([...call.before]).toEqual([0, 1, 2, -1, -1, -1]);
    expect([...call.after]).toEqual([0, 1, 3, -1, -1, -1]);
  });
});
