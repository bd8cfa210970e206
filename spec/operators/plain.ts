import type { Operator } from '../types/documents.js';
import document from './softmax/softmax.json' with { type: 'json' };

/** Plain softmax attention: the default operator. */
export const plainOperator = document as unknown as Operator;
