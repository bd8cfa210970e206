import { operatorDocuments } from '../../../spec/operators/index.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Operator, ProcessStartCommand } from '../../../spec/types/documents.js';

type ProcessOperators = NonNullable<ProcessStartCommand['operators']>;

/** Parts of a document that a kernel does not need. */
const leftOut: ReadonlySet<string> = new Set(['$schema', 'program', 'second', 'laws', 'source']);

/** Operators to send at the start: all but softmax, without programs, to keep the line short. */
export function operatorsToSend(known?: ReadonlyMap<string, Operator>): ProcessOperators {
  const operators = known ? [...known.values()] : operatorDocuments;
  const others = operators.filter(({ name }) => name !== plainOperator.name);
  return Object.fromEntries(others.map((operator) => [operator.name, withoutProgram(operator)]));
}

function withoutProgram(operator: Operator): Record<string, unknown> {
  return Object.fromEntries(Object.entries(operator).filter(([key]) => !leftOut.has(key)));
}
