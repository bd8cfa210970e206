import { distance } from 'fastest-levenshtein';

/** Returns the known names that are closest to what was typed, closest first. */
export function nearest(name: string, known: Iterable<string>, count = 3): string[] {
  return [...known].sort((a, b) => distance(a, name) - distance(b, name)).slice(0, count);
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
