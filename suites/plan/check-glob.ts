import { UsageError } from '../lib/usage-error.js';
import { machineFor } from './glob/machine.js';
import { type GlobPart, parseGlob } from './glob/parse.js';

/** A test of (adapter id, check id). */
export type CheckMatcher = (adapter: string, check: string) => boolean;

const longest = 1000;
/** Most wildcards and braces that are left to a regular expression: more may backtrack for long. */
const fewChoices = 3;

/** Compiles a glob of `*`, `?`, `**`, {a,b} and backslashes to a fast test. @throws {UsageError} */
export function globMatcher(glob: string): (text: string) => boolean {
  if (glob.length > longest) {
    throw new UsageError(`a glob has ${glob.length} characters, allowed: ${longest}; it begins ${JSON.stringify(glob.slice(0, 60))}`);
  }
  const parts = parseGlob(glob);
  if (choicesIn(parts) > fewChoices) return machineFor(parts);
  const expression = new RegExp(`^${sourceOf(parts)}$`, 'su');
  return (text) => expression.test(text);
}

/** Compiles a glob over check ids, with an optional `adapter::` in front, itself a glob. */
export function checkMatcher(glob: string): CheckMatcher {
  const at = glob.indexOf('::');
  const check = globMatcher(at < 0 ? glob : glob.slice(at + 2));
  if (at < 0) return (_, id) => check(id);
  const adapter = globMatcher(glob.slice(0, at));
  return (name, id) => adapter(name) && check(id);
}

function choicesIn(parts: readonly GlobPart[]): number {
  return parts.reduce((sum, part) => {
    if (part.kind === 'choices') return sum + 1 + part.of.reduce((inner, choice) => inner + choicesIn(choice), 0);
    return part.kind === 'text' || part.kind === 'one' ? sum : sum + 1;
  }, 0);
}

function sourceOf(parts: readonly GlobPart[]): string {
  return parts.map(sourceOfPart).join('');
}

function sourceOfPart(part: GlobPart): string {
  switch (part.kind) {
    case 'text':
      return part.text.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    case 'one':
      return '[^/]';
    case 'within':
      return '[^/]*';
    case 'over':
      return '.*';
    case 'over-before':
      return '(?:.*/)?';
    case 'over-after':
      return '(?:/.*)?';
    case 'choices':
      return `(?:${part.of.map(sourceOf).join('|')})`;
  }
}
