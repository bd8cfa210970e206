import type { UndefinedOperator, UndefinedPaper } from './types/documents.js';
import document from './undefined-operators.json' with { type: 'json' };

/** Published operators without a document: no definition was found. */
export const undefinedOperators = document.operators as readonly UndefinedOperator[];

/** Papers of the initial list that define no operator. */
export const undefinedPapers: readonly UndefinedPaper[] = document.papers;
