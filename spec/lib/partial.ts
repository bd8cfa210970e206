/** Tells if `whole` contains `partial`; `true` matches any value except undefined and false. */
export function matches(partial: unknown, whole: unknown): boolean {
  if (partial === true) return whole !== undefined && whole !== false;
  if (typeof partial !== 'object' || partial === null) return Object.is(partial, whole);
  if (typeof whole !== 'object' || whole === null) return false;
  if (Array.isArray(partial))
    return Array.isArray(whole) && partial.length === whole.length && partial.every((p, i) => matches(p, whole[i]));
  // inherited keys like "constructor" do not count
  const valueAt = (key: string) => (Object.hasOwn(whole, key) ? (whole as Record<string, unknown>)[key] : undefined);
  return Object.entries(partial).every(([key, value]) => matches(value, valueAt(key)));
}
