import { memoised } from '../../../../spec/lib/memoised.js';
import { carriedState } from '../../../../spec/operator/carried-state.js';
import { secondForm } from '../../../../spec/operator/facts.js';
import { afterOf, endsOf, isLoop } from '../../../../spec/operator/loops.js';
import type { Loop, Operator, Statement, Term } from '../../../../spec/types/documents.js';

/** Loop over the tokens, which carries a state. */
export interface Recurrence {
  /** Operator in the form that has the loop. */
  readonly operator: Operator;
  readonly loop: Loop;
  readonly state: string;
  readonly after: string;
}

/** Loop of an operator that carries a state, from either form; undefined if neither has a loop. */
export const recurrenceOf: (operator: Operator) => Recurrence | undefined = memoised((document: Operator) => {
  const carried = carriedState(document);
  const { second: _, ...first } = document;
  for (const operator of carried ? [first, secondForm(document)] : []) {
    for (const [, loop] of operator?.program ?? []) {
      if (!operator || !isLoop(loop) || loop[0] !== 'fold' || loop[1] !== 'n') continue;
      const [state] = endsOf(loop).find(([, end]) => end === carried?.output) ?? [];
      const after = state === undefined ? undefined : new Map(afterOf(loop)).get(state);
      if (state !== undefined && after !== undefined) return { operator, loop, state, after };
    }
  }
  return undefined;
});

/** Replaces the statements of the loop and the one that gives the next state. */
export function withStatements({ operator, loop, state, after }: Recurrence, statements: readonly Statement[], next = after): Operator {
  const [kind, along, states, , results] = loop;
  const ends = { ...Object.fromEntries(afterOf(loop)), [state]: next };
  const changed: Loop = [kind, along, states, [...statements], { ...results, after: ends }];
  const program = operator.program.map(([name, term, ...rest]) => [name, term === loop ? changed : term, ...rest]);
  return { ...operator, program: program as Operator['program'] };
}

/** Changes a term and all terms in it, inner ones first. */
export function changed(term: Term, change: (term: Term) => Term): Term {
  return change(Array.isArray(term) ? (term.map((part, at) => (at === 0 ? part : changed(part as Term, change))) as Term) : term);
}

/** Changes the term of a statement that is no loop. */
export function changedStatement([name, term, ...rest]: Statement, change: (term: Term) => Term): Statement {
  return [name, isLoop(term) ? term : changed(term, change), ...rest] as Statement;
}

/** All names in a term. */
export function namesIn(term: unknown): string[] {
  if (typeof term === 'string') return [term];
  return typeof term === 'object' && term !== null ? Object.values(term).flatMap(namesIn) : [];
}

/** Names from which statements compute a name, including itself. */
export function sourcesOf(statements: readonly Statement[], name: string): ReadonlySet<string> {
  const found = new Set([name]);
  for (const [own, term] of [...statements].reverse()) if (found.has(own)) for (const source of namesIn(term)) found.add(source);
  return found;
}
