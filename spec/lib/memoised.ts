/** Caches a function's result for each object, for as long as the object lives. */
export function memoised<Key extends object, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  const known = new WeakMap<Key, { readonly result: Result }>();
  return (key) => {
    let found = known.get(key);
    if (!found) {
      found = { result: compute(key) };
      known.set(key, found);
    }
    return found.result;
  };
}
