import { memoised } from '../lib/memoised.js';
import type { Loop, Operator, Statement, Term } from '../types/documents.js';

type Program = readonly Statement[];

/** Name defined by a program, and its path in the document. */
export interface GivenName {
  readonly name: string;
  readonly path: string;
}

/** Tells if a statement is a loop: `fold` or `repeat`. */
export function isLoop(term: Statement[1]): term is Loop {
  return Array.isArray(term) && (term[0] === 'fold' || term[0] === 'repeat');
}

/** Names of a loop's final states: [state, name]. */
export function endsOf([, , , , { end = {} }]: Loop): [state: string, name: string][] {
  return Object.entries(end);
}

/** Name behind a loop's result: its collected values, or its first state. */
export function resultOf([, , states, , { collect }]: Loop): string {
  return collect ?? Object.keys(states)[0];
}

/** Statement or state that becomes each state after a step. */
export function afterOf([, , states, , { after }]: Loop): [state: string, name: string][] {
  return typeof after === 'string' ? Object.keys(states).map((state) => [state, after]) : Object.entries(after);
}

/** Names for later statements and outputs: statements, and final states of loops. */
export const resultsOf = memoised((program: Program): readonly string[] =>
  program.flatMap(([name, term]) => (isLoop(term) ? [name, ...endsOf(term).map(([, end]) => end)] : [name])),
);

/** Names defined by a program, including inside loops. @param path of the program. */
export function namesGiven(program: Program, path: string): GivenName[] {
  return program.flatMap(([name, term], i): GivenName[] => {
    const own = { name, path: `${path}[${i}][0]` };
    if (!isLoop(term)) return [own];
    const at = `${path}[${i}][1]`;
    const states = Object.keys(term[2]).map((state) => ({ name: state, path: `${at}[2].${state}` }));
    const ends = endsOf(term).map(([state, end]) => ({ name: end, path: `${at}[4].end.${state}` }));
    return [own, ...states, ...namesGiven(term[3], `${at}[3]`), ...ends];
  });
}

/** Statements with loops inlined, to find a name's sources; a state is two statements. */
export function plainStatements(program: Program): [name: string, term: Term][] {
  return program.flatMap(([name, term]): [string, Term][] => {
    if (!isLoop(term)) return [[name, term]];
    return [...Object.entries(term[2]), ...plainStatements(term[3]), ...afterOf(term), [name, resultOf(term)], ...endsOf(term).map(turned)];
  });
}

function turned([state, end]: [string, string]): [string, string] {
  return [end, state];
}

/** Maps every term of a program, including inside loops. */
export function mapTerms(program: Program, change: (term: Term) => Term): Operator['program'] {
  return program.map((statement): Statement => {
    const [name, term, attributes] = statement;
    if (!isLoop(term)) return attributes ? [name, change(term), attributes] : [name, change(term)];
    const [kind, along, states, statements, results] = term;
    const begun = Object.fromEntries(Object.entries(states).map(([state, begin]) => [state, change(begin)]));
    return [name, [kind, along, begun, mapTerms(statements, change), results]];
  });
}
