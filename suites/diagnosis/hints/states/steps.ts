import { resultOf } from '../../../../spec/operator/loops.js';
import type { Problem } from '../../../../spec/problem.js';
import type { Statement, Term } from '../../../../spec/types/documents.js';
import type { ProblemHypothesis } from '../hypothesis.js';
import { changed, changedStatement, namesIn, type Recurrence, sourcesOf, withStatements } from './recurrence.js';

interface Decay {
  readonly term: Term;
  readonly kept: Term;
  /** The state before: its name, or a gather of the token's part. */
  readonly before: Term;
}

/** Faults in the decay, the delta rule's correction, the write, the read and their order. */
export function* stepHypotheses(problem: Problem, recurrence: Recurrence): Generator<ProblemHypothesis> {
  const { loop, state, after } = recurrence;
  const [, , , statements] = loop;
  const hypothesis = (text: string, changes: readonly Statement[], next = after): ProblemHypothesis => ({
    text,
    problem: { ...problem, operator: withStatements(recurrence, changes, next) },
  });
  const onState = sourcesOf(statements, after);
  const write = statements.filter(([name, term]) => onState.has(name) && isSum(term) && sourcesOf(statements, name).has(state)).at(-1)?.[0];
  const decay = decayOf(statements, state);
  if (decay) for (const [text, kept] of otherDecays(decay.kept)) yield hypothesis(text, replaced(statements, decay.term, kept(decay)));
  if (write !== undefined) {
    yield* corrections(statements, state, onState, hypothesis);
    yield* orders({ statements, write, onState, read: resultOf(loop), after, decay, before: decay?.before ?? state }, hypothesis);
  }
}

type Make = (text: string, statements: readonly Statement[], next?: string) => ProblemHypothesis;

/** Wrong decays: text, and term that replaces state × decay. */
function* otherDecays(kept: Term): Generator<[string, (decay: Decay) => Term]> {
  const times =
    (factor: Term) =>
    ({ before }: Decay): Term => ['mul', factor, before];
  const ofExponent = (change: (exponent: Term) => Term) =>
    times(changed(kept, (term) => (Array.isArray(term) && term[0] === 'exp' ? change(term[1] as Term) : term)));
  yield ['a kernel without a decay: the state keeps all of itself from token to token', ({ before }) => before];
  yield ['a kernel that applies the decay twice for each token', ({ term }) => ['mul', kept, term]];
  if (!JSON.stringify(kept).includes('["exp"')) return;
  yield [
    'a kernel whose decay is a power of 2 instead of e: exp2 of a logarithm that must be multiplied by log2 e first',
    ofExponent((x) => ['exp', ['scale', Math.LN2, x]]),
  ];
  yield [
    'a kernel whose decay has a factor log2 e too many: the logarithm is multiplied by it, then raised by exp instead of exp2',
    ofExponent((x) => ['exp', ['scale', Math.LOG2E, x]]),
  ];
  yield ['a kernel that multiplies the state by the logarithm of the decay: its exp is left out', ofExponent((x) => x)];
  yield ['a kernel that takes the exponential of the decay twice', ofExponent((x) => ['exp', ['exp', x]])];
  yield [
    'a kernel that applies a second exponential to the logarithm of the decay, exp(−exp(x)) instead of exp(x)',
    ofExponent((x) => ['exp', ['scale', -1, ['exp', x]]]),
  ];
  yield ['a kernel that keeps the part of the state that must be lost, 1 − exp(x) instead of exp(x)', times(['sub', 1, kept])];
}

/** Delta rule without its correction, minus the part a key reads, or with the opposite sign. */
function* corrections(
  statements: readonly Statement[],
  state: string,
  onState: ReadonlySet<string>,
  make: Make,
): Generator<ProblemHypothesis> {
  const isCorrection = (term: Term) => Array.isArray(term) && term[0] === 'sub' && dependsOn(statements, term[2] as Term, state);
  const own = statements.filter(([name, term]) => onState.has(name) && namesOfTerms(term as Term).some(isCorrection));
  if (own.length === 0) return;
  const corrected = (change: (term: readonly Term[]) => Term) =>
    statements.map((statement) =>
      own.includes(statement) ? changedStatement(statement, (term) => (isCorrection(term) ? change(term as Term[]) : term)) : statement,
    );
  yield make(
    'a kernel that removes nothing from the state: the value that a key reads is not subtracted before the write',
    corrected(([, whole]) => whole),
  );
  yield make(
    'a kernel that adds the value that a key reads instead of subtracting it',
    corrected(([, whole, part]) => ['add', whole, part] as Term),
  );
}

interface Parts {
  readonly statements: readonly Statement[];
  readonly write: string;
  readonly onState: ReadonlySet<string>;
  /** Statement that the loop collects. */
  readonly read: string;
  readonly after: string;
  readonly decay: Decay | undefined;
  readonly before: Term;
}

function* orders({ statements, write, onState, read, after, decay, before }: Parts, make: Make): Generator<ProblemHypothesis> {
  const place = statements.findIndex(([name]) => name === write);
  const onRead = sourcesOf(statements, read);
  const isRead = ([name]: Statement) => onRead.has(name) && !onState.has(name);
  const renamed = (statement: Statement, to: Term) => changedStatement(statement, (term) => (term === write ? to : term));
  const reading = (to: Term) => statements.map((statement, at) => (at > place && isRead(statement) ? renamed(statement, to) : statement));
  yield make('a kernel whose tokens read the state before their own write: the read must follow the write', reading(decay?.term ?? before));
  if (!decay) return;
  yield make('a kernel whose tokens read the state of the token before, without their own decay and write', reading(before));
  const late = `${write} decayed`;
  const undecayed = replaced(statements, decay.term, before);
  const decayedAfter = (readsDecayed: boolean) => [
    ...undecayed.slice(0, place + 1),
    [late, ['mul', decay.kept, write]] as Statement,
    ...undecayed.slice(place + 1).map((statement) => (isRead(statement) && !readsDecayed ? statement : renamed(statement, late))),
  ];
  const next = after === write ? late : after;
  yield make(
    'a kernel that decays the state after the write: the decay must come before the write, and not scale it',
    decayedAfter(true),
    next,
  );
  yield make(
    'a kernel that decays the state after the read: the decay must come before the write, so that a token reads the decayed state',
    decayedAfter(false),
    next,
  );
  const parts = statements.slice(0, place).filter(([name, term]) => onState.has(name) && !same(term as Term, decay.term));
  const reads = (from: Term, to: Term) =>
    statements.map((statement) =>
      parts.includes(statement) ? changedStatement(statement, (term) => (same(term, from) ? to : term)) : statement,
    );
  const named = statements.find(([, term]) => same(term as Term, decay.term))?.[0] ?? decay.term;
  const uses = (what: Term) => parts.some(([, term]) => namesOfTerms(term as Term).some((part) => same(part, what)));
  if (uses(named)) yield make('a kernel whose keys read the state before its decay: they remove too much', reads(named, before));
  else if (uses(before)) yield make('a kernel whose keys read the state after its decay instead of before', reads(before, decay.term));
}

function namesOfTerms(term: Term): Term[] {
  return [term, ...(Array.isArray(term) ? term.slice(1).flatMap((part) => namesOfTerms(part as Term)) : [])];
}

function same(x: Term, y: Term): boolean {
  return JSON.stringify(x) === JSON.stringify(y);
}

function isSum(term: Statement[1]): boolean {
  return Array.isArray(term) && (term[0] === 'add' || term[0] === 'sub');
}

function dependsOn(statements: readonly Statement[], term: Term, state: string): boolean {
  return namesIn(term).some((name) => sourcesOf(statements, name).has(state));
}

function replaced(statements: readonly Statement[], from: Term, to: Term): Statement[] {
  return statements.map((statement) => changedStatement(statement, (term) => (same(term, from) ? to : term)));
}

/** First product of the state, or the token's part of it, with a factor free of the state. */
function decayOf(statements: readonly Statement[], state: string): Decay | undefined {
  const isBefore = (term: unknown): term is Term => term === state || (Array.isArray(term) && term[0] === 'gather' && term[1] === state);
  for (const [, term] of statements) {
    for (const part of namesOfTerms(term as Term)) {
      if (!Array.isArray(part) || part[0] !== 'mul') continue;
      const [, x, y] = part as [string, Term, Term];
      const [kept, before] = isBefore(y) ? [x, y] : [y, x];
      if (isBefore(before) && !dependsOn(statements, kept, state)) return { term: part as Term, kept, before };
    }
  }
  return undefined;
}
