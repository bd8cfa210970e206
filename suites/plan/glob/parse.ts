/**
 * A piece of a glob: a character ('text'), `?` ('one'), `*` ('within'), `**` ('over') or
 * alternatives. `**` beside a slash takes it along ('over-before', 'over-after'), so that it also
 * matches zero segments.
 */
export type GlobPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' | 'within' | 'over' | 'over-before' | 'over-after' }
  | { readonly kind: 'choices'; readonly of: readonly (readonly GlobPart[])[] };

/** Parses a glob. Braces without a comma or a partner are plain characters. */
export function parseGlob(glob: string): GlobPart[] {
  const characters = [...glob];
  return sequence(characters, 0, characters.length, bracesOf(characters));
}

/** Maps each opening brace of alternatives to their ends: the commas and the closing brace. */
function bracesOf(glob: readonly string[]): Map<number, number[]> {
  const braces = new Map<number, number[]>();
  const open: { readonly at: number; readonly commas: number[] }[] = [];
  for (let at = 0; at < glob.length; at++) {
    if (glob[at] === '\\') at++;
    else if (glob[at] === '{') open.push({ at, commas: [] });
    else if (glob[at] === ',') open.at(-1)?.commas.push(at);
    else if (glob[at] === '}') {
      const brace = open.pop();
      if (brace && brace.commas.length > 0) braces.set(brace.at, [...brace.commas, at]);
    }
  }
  return braces;
}

function sequence(glob: readonly string[], from: number, to: number, braces: ReadonlyMap<number, readonly number[]>): GlobPart[] {
  const parts: GlobPart[] = [];
  for (let at = from; at < to; at++) {
    const ends = braces.get(at);
    if (ends) {
      const starts = [at, ...ends];
      parts.push({ kind: 'choices', of: ends.map((end, i) => sequence(glob, starts[i] + 1, end, braces)) });
      at = ends[ends.length - 1];
    } else if (glob[at] === '*') {
      const first = at;
      while (at + 1 < to && glob[at + 1] === '*') at++;
      const [before, after] = [first === from ? undefined : glob[first - 1], at + 1 === to ? undefined : glob[at + 1]];
      const alone = at > first && isEdge(before) && isEdge(after);
      if (!alone) parts.push({ kind: 'within' });
      else if (after === '/') {
        parts.push({ kind: 'over-before' });
        at++;
      } else if (before === '/' && parts.at(-1)?.kind === 'text') {
        parts.pop();
        parts.push({ kind: 'over-after' });
      } else parts.push({ kind: 'over' });
    } else if (glob[at] === '?') parts.push({ kind: 'one' });
    else {
      if (glob[at] === '\\' && at + 1 < to) at++;
      parts.push({ kind: 'text', text: glob[at] });
    }
  }
  return parts;
}

function isEdge(c: string | undefined): boolean {
  return c === undefined || c === '/';
}
