/** Returns a function that computes a result once for each object, and keeps it as long as the object is there. */
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
