import { distance } from 'fastest-levenshtein';

/** Characters of a name that are compared, as the time grows with their square. */
const longest = 64;

/** Known names closest to a typed name, closest first. */
export function nearest(name: string, known: Iterable<string>, count = 3): string[] {
  const typed = name.slice(0, longest);
  return [...known]
    .map((one) => ({ one, far: distance(one, typed) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ one }) => one);
}

/** End of an error message: the known names closest to `name`. */
export function nearestNames(name: string, known: Iterable<string>, count = 3): string {
  const names = [...known];
  if (names.length === 0) return 'there are none here';
  const listed = nearest(name, names, count)
    .map((k) => `"${k}"`)
    .join(', ');
  return names.length <= count ? `allowed: ${listed}` : `nearest of ${names.length}: ${listed}`;
}
