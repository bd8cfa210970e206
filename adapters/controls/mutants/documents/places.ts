import { isLoop } from '../../../../spec/operator/loops.js';
import type { Statement, Term } from '../../../../spec/types/documents.js';

/** Application in a program: [primitive, operand, …, attributes?]. */
type Application = readonly [string, ...Term[]];

/** Position of an application in a program. */
export interface Place {
  readonly term: Application;
  readonly statement: string;
  /** Returns the program with another term at this position. */
  with(other: Term): Statement[];
}

/** Yields applications of these primitives in program order, outer first, also inside loops. */
export function* applicationsOf(program: readonly Statement[], ...names: readonly string[]): Generator<Place> {
  for (const [at, entry] of program.entries()) {
    const changed = (statement: Statement) => program.map((s, i): Statement => (i === at ? statement : s));
    for (const { statement, found, replace } of insideStatement(entry)) {
      if (names.includes(found[0])) yield { term: found, statement, with: (other) => changed(replace(other)) };
    }
  }
}

/** Application, with the name of the innermost statement around it. */
interface Found {
  readonly statement: string;
  readonly found: Application;
  replace(other: Term): Statement;
}

function* insideStatement([name, term, attributes]: Statement): Generator<Found> {
  if (!isLoop(term)) {
    for (const { found, replace } of inside(term))
      yield { statement: name, found, replace: (other) => (attributes ? [name, replace(other), attributes] : [name, replace(other)]) };
    return;
  }
  const [kind, along, states, statements, results] = term;
  for (const [state, begin] of Object.entries(states))
    for (const { found, replace } of inside(begin))
      yield {
        statement: state,
        found,
        replace: (other) => [name, [kind, along, { ...states, [state]: replace(other) }, statements, results]],
      };
  for (const [at, entry] of statements.entries())
    for (const { statement, found, replace } of insideStatement(entry)) {
      const changed = (other: Term) => statements.map((s, i): Statement => (i === at ? replace(other) : s));
      yield { statement, found, replace: (other) => [name, [kind, along, states, changed(other), results]] };
    }
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

/** Prints a term for messages, cut after 60 characters. */
export function show(term: unknown): string {
  const text = typeof term === 'string' ? term : JSON.stringify(term);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
