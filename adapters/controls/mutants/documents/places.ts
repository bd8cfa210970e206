import type { Statement, Term } from '../../../../spec/types/documents.js';

/** An application in a program: [primitive, operand, …, attributes?]. */
type Application = readonly [string, ...Term[]];

/** Place of an application in a program. */
export interface Place {
  readonly term: Application;
  /** Name of the statement that it is in. */
  readonly statement: string;
  /** Returns the program with another term in this place. */
  with(other: Term): Statement[];
}

/** Lists the applications of primitives of these names, in the order of the program, outer ones first. */
export function* applicationsOf(program: readonly Statement[], ...names: readonly string[]): Generator<Place> {
  for (const [at, [statement, term]] of program.entries()) {
    for (const { found, replace } of inside(term)) {
      if (!names.includes(found[0])) continue;
      const changed = (other: Term) => program.map((s, i): Statement => (i === at ? withTerm(s, replace(other)) : s));
      yield { term: found, statement, with: changed };
    }
  }
}

function withTerm([name, , attributes]: Statement, term: Term): Statement {
  return attributes ? [name, term, attributes] : [name, term];
}

function* inside(term: Term): Generator<{ found: Application; replace(other: Term): Term }> {
  if (!Array.isArray(term) || typeof term[0] !== 'string') return;
  yield { found: term as unknown as Application, replace: (other) => other };
  for (let i = 1; i < term.length; i++) {
    for (const { found, replace } of inside(term[i] as Term)) {
      yield { found, replace: (other) => term.map((part, k) => (k === i ? replace(other) : part)) as Term };
    }
  }
}

/** Writes a term as messages show it. */
export function show(term: unknown): string {
  const text = typeof term === 'string' ? term : JSON.stringify(term);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
