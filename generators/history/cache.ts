import type { AppendOperation, Operation } from '../../spec/types/documents.js';
import { PagePool } from './pool.js';

/** A sequence in the cache: its pages in order, and how many of their slots it fills. */
interface Sequence {
  readonly pages: readonly number[];
  readonly length: number;
}

/** What a call finds in the cache and leaves in it. Tokens are numbered in the order in which they are appended, from 0. */
export interface AppendCall {
  /** Slots of a page. */
  readonly page: number;
  /** Pages of the cache, one of which was never taken. */
  readonly pages: number;
  /** New tokens of each sequence. */
  readonly tokens: number;
  /** Which token lies in each slot [pages·page], or none (−1): before the call and after it. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** The call's batch entries. */
  readonly entries: readonly AppendEntry[];
  /** Tokens appended so far, those of this call included. */
  readonly allTokens: number;
}

export interface AppendEntry {
  readonly pages: readonly number[];
  /** Which token stands at each position, the new ones last. */
  readonly sequence: Int32Array;
  /** Tokens that the call brings. */
  readonly latest: Int32Array;
}

const nothing: Sequence = { pages: [], length: 0 };

/** A paged KV cache, token by token: what every operation does to it. A page that is shared is copied before it is written to. */
export class PagedCache {
  private readonly pool: PagePool;
  private readonly sequences = new Map<number, Sequence>();
  private allTokens = 0;

  constructor(page: number) {
    this.pool = new PagePool(page);
  }

  /** Tokens of a sequence; 0 of one that is not there. */
  lengthOf(sequence: number): number {
    return this.of(sequence).length;
  }

  /** Full pages of a sequence. */
  fullPages(sequence: number): number {
    return Math.floor(this.lengthOf(sequence) / this.pool.page);
  }

  /** Why an operation cannot be done now; undefined where it can. */
  whyNot(operation: Operation): string | undefined {
    switch (operation.op) {
      case 'create':
        return 'a cache is created once, before anything else';
      case 'append':
        return new Set(operation.sequences).size === operation.sequences.length ? undefined : 'a sequence is named twice';
      case 'fork':
        if (this.lengthOf(operation.from) === 0) return `sequence ${operation.from} is empty`;
        return this.lengthOf(operation.to) === 0 ? undefined : `sequence ${operation.to} is not empty`;
      case 'free':
        return this.lengthOf(operation.sequence) > 0 ? undefined : `sequence ${operation.sequence} is empty`;
      case 'evict':
        return operation.pages <= this.fullPages(operation.sequence)
          ? undefined
          : `sequence ${operation.sequence} has ${this.fullPages(operation.sequence)} full pages`;
      case 'permute':
        return undefined;
    }
  }

  /** Does what `whyNot` has no objection to. An append is done without a look at the slots; `call` has one. */
  apply(operation: Operation): void {
    switch (operation.op) {
      case 'create':
        break;
      case 'append':
        this.makeRoom(operation);
        this.write(operation);
        break;
      case 'fork': {
        const shared = this.of(operation.from);
        for (const page of shared.pages) this.pool.share(page);
        this.sequences.set(operation.to, shared);
        break;
      }
      case 'free':
        for (const page of this.of(operation.sequence).pages) this.pool.release(page);
        this.sequences.delete(operation.sequence);
        break;
      case 'evict':
        this.evict(operation.sequence, operation.pages);
        break;
      case 'permute': {
        const places = this.pool.permute(operation.seed);
        for (const [id, { pages, length }] of this.sequences) this.sequences.set(id, { pages: pages.map((page) => places[page]), length });
      }
    }
  }

  /** Does an append, and says what a kernel is called with. */
  call(append: AppendOperation): AppendCall {
    this.makeRoom(append);
    const before = this.snapshot();
    this.write(append);
    const after = this.snapshot();
    const { page } = this.pool;
    const entries = append.sequences.map((id) => {
      const { pages, length } = this.of(id);
      const sequence = Int32Array.from({ length }, (_, at) => after[slotOf(pages, page, at)]);
      return { pages, sequence, latest: sequence.subarray(length - append.tokens) };
    });
    return { page, pages: after.length / page, tokens: append.tokens, before, after, entries, allTokens: this.allTokens };
  }

  private of(sequence: number): Sequence {
    return this.sequences.get(sequence) ?? nothing;
  }

  /** Pages for the new tokens; the one that is partly filled is the sequence's own. */
  private makeRoom({ sequences, tokens }: AppendOperation): void {
    const { pool } = this;
    for (const id of sequences) {
      const { pages, length } = this.of(id);
      const own = [...pages];
      const last = own.length - 1;
      if (length % pool.page !== 0 && pool.isShared(own[last])) own[last] = pool.copy(own[last]);
      while (own.length * pool.page < length + tokens) own.push(pool.take());
      this.sequences.set(id, { pages: own, length });
    }
  }

  private write({ sequences, tokens }: AppendOperation): void {
    const { slots, page } = this.pool;
    for (const id of sequences) {
      const { pages, length } = this.of(id);
      for (let i = 0; i < tokens; i++) slots[slotOf(pages, page, length + i)] = this.allTokens++;
      this.sequences.set(id, { pages, length: length + tokens });
    }
  }

  private evict(sequence: number, count: number): void {
    const { pages, length } = this.of(sequence);
    for (const page of pages.slice(0, count)) this.pool.release(page);
    this.sequences.set(sequence, { pages: pages.slice(count), length: length - count * this.pool.page });
  }

  /** The slots, and those of one more page. */
  private snapshot(): Int32Array {
    const { slots, page } = this.pool;
    const all = new Int32Array(slots.length + page).fill(-1);
    all.set(slots);
    return all;
  }
}

/** Slot of a sequence's position, counted over all pages. */
export function slotOf(pages: readonly number[], page: number, position: number): number {
  return pages[Math.floor(position / page)] * page + (position % page);
}
