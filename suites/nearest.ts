import { distance } from 'fastest-levenshtein';

/** The known names that are closest to what was typed, closest first. */
export function nearest(name: string, known: Iterable<string>, count = 3): string[] {
  return [...known].sort((a, b) => distance(a, name) - distance(b, name)).slice(0, count);
}
