import type { UndefinedOperator, UndefinedPaper } from './types/documents.js';
import document from './undefined-operators.json' with { type: 'json' };

/** Published operators that have no document: their definition was not found. */
export const undefinedOperators = document.operators as readonly UndefinedOperator[];

/** Papers of the list that this suite began with that define no operator. */
export const undefinedPapers: readonly UndefinedPaper[] = document.papers;
