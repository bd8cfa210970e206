import { memoised } from '../lib/memoised.js';
import { mapTerms, plainStatements } from '../operator/loops.js';
import type { Macro, Operator, Statement, Term } from '../types/documents.js';
import { macroDocuments } from './macros/index.js';

/** Macros: named terms with parameters, used like primitives. */
export const macros: ReadonlyMap<string, Macro> = new Map(macroDocuments.map((macro) => [macro.name, macro]));

/** Substitutes operands for a macro's parameters; an axis also defines its size `#axis`. */
export function expandMacro({ parameters, term }: Macro, operands: readonly Term[]): Term {
  const values = new Map<string, Term>();
  for (const [i, parameter] of parameters.entries()) {
    const operand = operands[i];
    values.set(parameter, operand);
    if (typeof operand === 'string') values.set(`#${parameter}`, `#${operand}`);
  }
  const replace = (part: unknown): unknown => {
    if (typeof part === 'string') return values.get(part) ?? part;
    // the name of a primitive is no parameter
    if (Array.isArray(part)) return part.map((inner, i) => (i === 0 && typeof inner === 'string' ? inner : replace(inner)));
    return part;
  };
  return replace(term) as Term;
}

/** Operator with all macros expanded. */
export const expanded: (operator: Operator) => Operator = memoised((operator: Operator) => {
  if (!usesMacros(operator.program) && !usesMacros(operator.second?.program ?? [])) return operator;
  return {
    ...operator,
    program: mapTerms(operator.program, expandTerm),
    ...(operator.second && { second: { ...operator.second, program: mapTerms(operator.second.program, expandTerm) } }),
  };
});

function expandTerm(term: Term): Term {
  if (!Array.isArray(term)) return term;
  const [name, ...operands] = term;
  const macro = typeof name === 'string' ? macros.get(name) : undefined;
  if (macro && operands.length === macro.parameters.length) return expandTerm(expandMacro(macro, operands as Term[]));
  return [name, ...operands.map((operand) => expandTerm(operand as Term))] as Term;
}

function usesMacros(program: readonly Statement[]): boolean {
  const uses = (part: unknown): boolean => Array.isArray(part) && ((typeof part[0] === 'string' && macros.has(part[0])) || part.some(uses));
  return plainStatements(program).some(([, term]) => uses(term));
}
