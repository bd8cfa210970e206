interface Globals {
  Float16Array?: unknown;
}

/** Methods of Iterator.prototype (ECMAScript 2025, 27.1.4). */
const helpers = {
  *map<A, B>(this: Iterable<A>, convert: (value: A, index: number) => B): Generator<B> {
    let index = 0;
    for (const value of this) yield convert(value, index++);
  },
  *filter<A>(this: Iterable<A>, keep: (value: A, index: number) => boolean): Generator<A> {
    let index = 0;
    for (const value of this) if (keep(value, index++)) yield value;
  },
};

/** Runs a function with features that jax-js 0.1 expects and Node 20 lacks, then removes them. */
export function withShims<T>(run: () => T): T {
  const undo: (() => void)[] = [];
  const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  for (const [name, value] of Object.entries(helpers)) {
    if (name in iterators) continue;
    Object.defineProperty(iterators, name, { value, configurable: true });
    undo.push(() => Reflect.deleteProperty(iterators, name));
  }
  const globals = globalThis as Globals;
  if (globals.Float16Array === undefined) {
    globals.Float16Array = class {};
    undo.push(() => Reflect.deleteProperty(globals, 'Float16Array'));
  }
  try {
    return run();
  } finally {
    for (const step of undo) step();
  }
}
