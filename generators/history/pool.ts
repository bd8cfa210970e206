import { hashOf } from '../../spec/lib/hash.js';

const UNUSED = -1;

/** Pages of slots, shared by sequences. The page released last is taken first, tokens and all. */
export class PagePool {
  /** Slot s of page p is slots[p·page + s]. The array may be longer than the pages. */
  slots = new Int32Array();
  private holders: number[] = [];
  private free: number[] = [];

  constructor(readonly page: number) {}

  get pages(): number {
    return this.holders.length;
  }

  take(): number {
    const page = this.free.pop() ?? this.grow();
    this.holders[page] = 1;
    return page;
  }

  share(page: number): void {
    this.holders[page]++;
  }

  isShared(page: number): boolean {
    return this.holders[page] > 1;
  }

  release(page: number): void {
    if (--this.holders[page] === 0) this.free.push(page);
  }

  copy(page: number): number {
    const own = this.take();
    const { page: size, slots } = this;
    for (let slot = 0; slot < size; slot++) slots[own * size + slot] = slots[page * size + slot];
    this.release(page);
    return own;
  }

  /** Shuffles all pages and one that was never taken. @returns each page's new index. */
  permute(seed: number): number[] {
    this.free.unshift(this.grow());
    const places = shuffled(this.pages, seed);
    const slots = this.slots.slice();
    const holders = [...this.holders];
    places.forEach((to, from) => {
      this.holders[to] = holders[from];
      for (let slot = 0; slot < this.page; slot++) this.slots[to * this.page + slot] = slots[from * this.page + slot];
    });
    this.free = this.free.map((page) => places[page]);
    return places;
  }

  private grow(): number {
    const end = (this.pages + 1) * this.page;
    if (end > this.slots.length) {
      const larger = new Int32Array(Math.max(end, 2 * this.slots.length));
      larger.set(this.slots);
      this.slots = larger.fill(UNUSED, this.slots.length);
    }
    return this.holders.push(0) - 1;
  }
}

function shuffled(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = hashOf(seed, i) % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
