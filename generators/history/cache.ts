import type { AppendOperation, Operation } from '../../spec/types/documents.js';
import { PagePool } from './pool.js';

interface Sequence {
  readonly pages: readonly number[];
  readonly length: number;
}

/** Call that appends to the cache. Tokens are numbered from 0 in the order of their appends. */
export interface AppendCall {
  readonly page: number;
  /** Pages of the cache, including one that was never used. */
  readonly pages: number;
  readonly tokens: number;
  /** Token in each slot [pages·page] before and after the call; −1 for an empty slot. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly entries: readonly AppendEntry[];
  /** Tokens appended so far, including this call's. */
  readonly allTokens: number;
}

export interface AppendEntry {
  readonly pages: readonly number[];
  /** Token at each position, the new ones last. */
  readonly sequence: Int32Array;
  readonly latest: Int32Array;
}

const nothing: Sequence = { pages: [], length: 0 };

/** Model of a paged KV cache, token by token. A shared page is copied before it is written to. */
export class PagedCache {
  private readonly pool: PagePool;
  private readonly sequences = new Map<number, Sequence>();
  private allTokens = 0;

  constructor(page: number) {
    this.pool = new PagePool(page);
  }

  lengthOf(sequence: number): number {
    return this.of(sequence).length;
  }

  fullPages(sequence: number): number {
    return Math.floor(this.lengthOf(sequence) / this.pool.page);
  }

  /** Returns why an operation is impossible now, or undefined if it is possible. */
  whyNot(operation: Operation): string | undefined {
    switch (operation.op) {
      case 'create':
        return 'a cache is created only once, by the first operation';
      case 'append':
        return new Set(operation.sequences).size === operation.sequences.length ? undefined : 'the same sequence is named twice';
      case 'fork':
        if (this.lengthOf(operation.from) === 0) return `sequence ${operation.from} is empty, so that it cannot be forked`;
        return this.lengthOf(operation.to) === 0 ? undefined : `sequence ${operation.to} is not empty, so that nothing can be forked to it`;
      case 'free':
        return this.lengthOf(operation.sequence) > 0 ? undefined : `sequence ${operation.sequence} is empty, so that it cannot be freed`;
      case 'evict':
        return operation.pages <= this.fullPages(operation.sequence)
          ? undefined
          : `sequence ${operation.sequence} has only ${this.fullPages(operation.sequence)} full pages, fewer than ${operation.pages}`;
      case 'permute':
        return undefined;
      case 'reuse':
        return 'a schedule of reuse must be the only operation, because it has no cache';
    }
  }

  apply(operation: Operation): void {
    switch (operation.op) {
      case 'create':
      case 'reuse':
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

  /** Applies an append and returns its call, with the slots before and after it. */
  call(append: AppendOperation): AppendCall {
    this.makeRoom(append);
    const before = this.snapshot();
    this.write(append);
    const after = this.snapshot();
    const { page } = this.pool;
    const entries = append.sequences.map((id) => {
      const { pages, length } = this.of(id);
      const sequence = readPages(after, pages, page, length);
      return { pages, sequence, latest: sequence.subarray(length - append.tokens) };
    });
    return { page, pages: after.length / page, tokens: append.tokens, before, after, entries, allTokens: this.allTokens };
  }

  private of(sequence: number): Sequence {
    return this.sequences.get(sequence) ?? nothing;
  }

  /** Takes pages for the new tokens, and copies a partly filled last page that is shared. */
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

  private snapshot(): Int32Array {
    const { slots, page, pages } = this.pool;
    const all = new Int32Array((pages + 1) * page).fill(-1);
    all.set(slots.subarray(0, pages * page));
    return all;
  }
}

/** Slot of a sequence's position, counted over all pages. */
export function slotOf(pages: readonly number[], page: number, position: number): number {
  return pages[Math.floor(position / page)] * page + (position % page);
}

/** Tokens in the slots of a sequence's pages, up to its length. */
export function readPages(slots: Int32Array, pages: readonly number[], page: number, length: number): Int32Array {
  const sequence = new Int32Array(length);
  for (let at = 0; at < length; at += page) {
    const first = pages[at / page] * page;
    for (let slot = 0; slot < Math.min(page, length - at); slot++) sequence[at + slot] = slots[first + slot];
  }
  return sequence;
}
