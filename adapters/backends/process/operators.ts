import { operatorDocuments } from '../../../spec/operators/index.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Operator, ProcessStartCommand } from '../../../spec/types/documents.js';

type ProcessOperators = NonNullable<ProcessStartCommand['operators']>;

/** Parts of a document that no kernel needs to get and give tensors by their names. */
const leftOut: ReadonlySet<string> = new Set(['$schema', 'program', 'second', 'laws', 'source']);

/**
 * Operators that a process is told of when it starts, by name: all but plain softmax attention, which the protocol itself describes, and
 * without their programs. A process may read the line into a buffer of fixed size.
 */
export function operatorsToSend(known?: ReadonlyMap<string, Operator>): ProcessOperators {
  const operators = known ? [...known.values()] : operatorDocuments;
  const others = operators.filter(({ name }) => name !== plainOperator.name);
  return Object.fromEntries(others.map((operator) => [operator.name, withoutProgram(operator)]));
}

function withoutProgram(operator: Operator): Record<string, unknown> {
  return Object.fromEntries(Object.entries(operator).filter(([key]) => !leftOut.has(key)));
}
