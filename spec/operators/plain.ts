import type { Operator } from '../types/documents.js';
import document from './softmax/softmax.json' with { type: 'json' };

/** Plain softmax attention, which most kernels compute: what is meant where nobody names an operator. */
export const plainOperator = document as unknown as Operator;
