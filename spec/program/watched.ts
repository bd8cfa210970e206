import type { Sizes } from './tensor.js';

/** Sizes that tell which axis's size is read. */
export function watchedSizes(sizes: Sizes, onRead: (axis: string) => void): Sizes {
  return new Proxy(sizes, {
    get(target, axis) {
      if (typeof axis === 'string') onRead(axis);
      return Reflect.get(target, axis);
    },
  });
}

/** Numbers by name that tell which of them is read. */
export class WatchedNumbers extends Map<string, number> {
  constructor(private readonly onRead: (name: string) => void) {
    super();
  }

  override get(name: string): number | undefined {
    this.onRead(name);
    return super.get(name);
  }
}
