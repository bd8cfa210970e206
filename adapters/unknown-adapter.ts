import { distance } from 'fastest-levenshtein';

/** `--adapter` names neither a built-in nor a file. A usage error. */
export class UnknownAdapter extends Error {
  override readonly name = 'UnknownAdapter';
  constructor(
    readonly source: string,
    readonly known: readonly string[],
  ) {
    const nearest = [...known].sort((a, b) => distance(a, source) - distance(b, source)).slice(0, 3);
    super(`unknown adapter "${source}"; the nearest are ${nearest.join(', ')}; a file of your own is given by its path, such as ./kernel.ts`);
  }
}
