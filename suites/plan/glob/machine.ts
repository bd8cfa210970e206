import type { GlobPart } from './parse.js';

/** A state: the end; one that takes a character; a fork, which takes no character. */
type State =
  | { readonly kind: 'end' }
  | { readonly kind: 'take'; readonly takes: (c: string) => boolean; readonly next: number }
  | { readonly kind: 'fork'; readonly next: number[] };

/**
 * Compiles a glob to a test that follows all ways at once (Thompson, Regular expression search
 * algorithm, 1968), in O(length of the text × length of the glob).
 */
export function machineFor(parts: readonly GlobPart[]): (text: string) => boolean {
  const states: State[] = [{ kind: 'end' }];
  const start = compile(parts, states, 0);
  return (text) => {
    let here = reached(states, [start]);
    for (const c of text) {
      const taken: number[] = [];
      for (const at of here) {
        const state = states[at];
        if (state.kind === 'take' && state.takes(c)) taken.push(state.next);
      }
      if (taken.length === 0) return false;
      here = reached(states, taken);
    }
    return here.includes(0);
  };
}

const isAny = () => true;
const isWithin = (c: string) => c !== '/';
const isSlash = (c: string) => c === '/';

function compile(parts: readonly GlobPart[], states: State[], next: number): number {
  const take = (takes: (c: string) => boolean, to: number) => states.push({ kind: 'take', takes, next: to }) - 1;
  const either = (...ways: number[]) => states.push({ kind: 'fork', next: ways }) - 1;
  const repeat = (takes: (c: string) => boolean, to: number) => {
    const ways = [to];
    const at = states.push({ kind: 'fork', next: ways }) - 1;
    ways.push(take(takes, at));
    return at;
  };
  const before = (part: GlobPart, then: number): number => {
    switch (part.kind) {
      case 'text':
        return take((c) => c === part.text, then);
      case 'one':
        return take(isWithin, then);
      case 'within':
        return repeat(isWithin, then);
      case 'over':
        return repeat(isAny, then);
      case 'over-before':
        return either(then, repeat(isAny, take(isSlash, then)));
      case 'over-after':
        return either(then, take(isSlash, repeat(isAny, then)));
      case 'choices':
        return either(...part.of.map((choice) => compile(choice, states, then)));
    }
  };
  return parts.reduceRight((then, part) => before(part, then), next);
}

function reached(states: readonly State[], from: readonly number[]): number[] {
  const seen = new Uint8Array(states.length);
  const all: number[] = [];
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen[at]) continue;
    seen[at] = 1;
    all.push(at);
    const state = states[at];
    if (state.kind === 'fork') open.push(...state.next);
  }
  return all;
}
