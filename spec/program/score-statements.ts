import type { Operator, Term } from '../types/documents.js';

/**
 * Names of the statements from which the operand of a softmax or logsumexp is computed, directly or through other statements. An
 * unfused implementation stores each of them (the numeric profile's `scores`).
 */
export function scoreStatements(program: Operator['program']): ReadonlySet<string> {
  const found = known.get(program) ?? namesOfScores(program);
  known.set(program, found);
  return found;
}

const known = new WeakMap<Operator['program'], ReadonlySet<string>>();

function namesOfScores(program: Operator['program']): ReadonlySet<string> {
  const scores = new Set(program.flatMap(([, term]) => softmaxOperands(term)).flatMap(names));
  // later statements use earlier ones
  for (const [name, term] of program.toReversed()) if (scores.has(name)) for (const used of names(term)) scores.add(used);
  return scores;
}

function softmaxOperands(term: Term): Term[] {
  if (!Array.isArray(term)) return [];
  const inner = term.flatMap((part) => softmaxOperands(part as Term));
  return term[0] === 'softmax' || term[0] === 'logsumexp' ? [term[1] as Term, ...inner] : inner;
}

function names(term: Term): string[] {
  if (typeof term === 'string') return [term];
  return Array.isArray(term) ? term.slice(1).flatMap((part) => names(part as Term)) : [];
}
