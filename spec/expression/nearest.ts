import { distance } from 'fastest-levenshtein';

/** Lists the known names most similar to `name`, as the end of an error message. */
export function nearestNames(name: string, known: Iterable<string>, count = 3): string {
  const names = [...known];
  if (names.length === 0) return 'there are none here';
  const ranked = names.map((k) => ({ k, d: distance(name, k) })).sort((x, y) => x.d - y.d);
  const listed = ranked.slice(0, count).map(({ k }) => `"${k}"`);
  return names.length <= count ? `allowed: ${listed.join(', ')}` : `nearest of ${names.length}: ${listed.join(', ')}`;
}
