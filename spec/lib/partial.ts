/** Every key of the partial document is in the whole one, with an equal value; `true` also matches any value that is present. */
export function matches(partial: unknown, whole: unknown): boolean {
  if (partial === true) return whole !== undefined && whole !== false;
  if (typeof partial !== 'object' || partial === null) return Object.is(partial, whole);
  if (typeof whole !== 'object' || whole === null) return false;
  if (Array.isArray(partial))
    return Array.isArray(whole) && partial.length === whole.length && partial.every((p, i) => matches(p, whole[i]));
  // a key such as "constructor" is in no document, whatever every object has
  const valueAt = (key: string) => (Object.hasOwn(whole, key) ? (whole as Record<string, unknown>)[key] : undefined);
  return Object.entries(partial).every(([key, value]) => matches(value, valueAt(key)));
}
