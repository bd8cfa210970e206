import { distance } from 'fastest-levenshtein';

/** Characters of a name that are compared: a longer one is like no name, and comparing takes time for each pair of characters. */
const longest = 64;

/** Returns the known names that are closest to what was typed, closest first. */
export function nearest(name: string, known: Iterable<string>, count = 3): string[] {
  const typed = name.slice(0, longest);
  return [...known]
    .map((one) => ({ one, far: distance(one, typed) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ one }) => one);
}

/** Lists the known names most similar to `name`, as the end of an error message. */
export function nearestNames(name: string, known: Iterable<string>, count = 3): string {
  const names = [...known];
  if (names.length === 0) return 'there are none here';
  const listed = nearest(name, names, count)
    .map((k) => `"${k}"`)
    .join(', ');
  return names.length <= count ? `allowed: ${listed}` : `nearest of ${names.length}: ${listed}`;
}
