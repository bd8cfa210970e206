import { secondForm } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { expanded } from '../../../spec/program/macros.js';
import type { Operator, Term } from '../../../spec/types/documents.js';
import { applicationsOf } from './documents/places.js';
import { type Mutant, mutantsOf } from './lib/mutant.js';

/** Mutants that write codes into a cache by another rule than declared. */
export const writtenCodesMutants: readonly Mutant[] = mutantsOf('Operators: cache', [
  mutant(
    'fp8-write',
    'not-clamped',
    'values are not clamped before the cast: beyond 448 they become NaN',
    'https://github.com/NVIDIA/Model-Optimizer/issues/1633',
    {
      overflow: 'nan',
    },
  ),
  mutant(
    'mxfp8-write-floor',
    'halves-away',
    'values halfway between two codes are rounded away from zero',
    'https://github.com/ROCm/aiter/pull/3992',
    {
      round: 'away',
    },
  ),
]);

function mutant(name: string, id: string, title: string, imitates: string, other: Record<string, string>): Omit<Mutant, 'class'> {
  const right = secondForm(expanded(operatorDocuments.find((operator) => operator.name === name) as Operator)) as Operator;
  const { program } = right;
  const [place] = [...applicationsOf(program, 'encode')].filter(({ statement }) => statement === 'o');
  const attributes = { ...(place.term.at(-1) as object), ...other };
  const faulty = place.with([...place.term.slice(0, -1), attributes] as unknown as Term);
  const form = { right, operator: { ...right, program: faulty as Operator['program'] } };
  return { id: `${name}-${id}`, title, imitates, operators: [name], fault: { form } };
}
