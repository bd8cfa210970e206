import { DocumentError } from '../../../../spec/lib/documents.js';
import { hashOf, nameHash } from '../../../../spec/lib/hash.js';
import { memoised } from '../../../../spec/lib/memoised.js';
import { optionalNames, secondForm } from '../../../../spec/operator/facts.js';
import { unlikeSizes } from '../../../../spec/operator/sample-sizes.js';
import { operatorDocuments } from '../../../../spec/operators/index.js';
import { buildProgram } from '../../../../spec/program/build.js';
import { bindingWith } from '../../../../spec/program/check.js';
import { expanded } from '../../../../spec/program/macros.js';
import type { Operator, Statement } from '../../../../spec/types/documents.js';
import type { Mutant } from '../lib/mutant.js';
import { conditionLeftOut, epsLeftOut, operandDropped, scaleLeftOut } from './left-out.js';
import { axesSwapped, gateLate, signFlipped } from './misread.js';
import type { Mutator, ProgramFault } from './mutator.js';
import { indexOfAnotherQuery, indexShifted, stalePage } from './wrong-index.js';

/** Returns true if a program is sound for several sizes and keeps the outputs' axes. */
function fits(operator: Operator, program: readonly Statement[] | undefined): boolean {
  if (!program) return true;
  const right = axesOf(operator);
  try {
    return [...axesOfOutputs({ ...operator, program: [...program] as Operator['program'] })].every((axes, at) => axes === right[at]);
  } catch (error) {
    if (error instanceof DocumentError) return false;
    throw error;
  }
}

const axesOf = memoised((operator: Operator) => [...axesOfOutputs(operator)]);

/** Yields output axes with all optional inputs and without them, for several sizes. */
function* axesOfOutputs(operator: Operator): Generator<string, undefined> {
  for (const present of [optionalNames(operator), []]) {
    const binding = bindingWith(operator, present, true);
    for (const sizes of [binding.sizes, ...unlikeSizes(operator, binding.options)])
      yield [...buildProgram(operator, { ...binding, sizes }).outputs].map(([name, { type }]) => `${name} ${[...type.axes].sort()}`).join();
  }
}

/** Mutators, ordered by how few programs they apply to. */
const mutators: readonly Mutator[] = [
  stalePage,
  indexOfAnotherQuery,
  gateLate,
  indexShifted,
  epsLeftOut,
  conditionLeftOut,
  scaleLeftOut,
  signFlipped,
  operandDropped,
  axesSwapped,
];

/** Mutants of an operator: one per mutator up to MOST; several per mutator below FEWEST. */
const MOST = 6;
const FEWEST = 3;

let all: readonly Mutant[] | undefined;

/** Returns mutants of all second forms, made lazily: checking a thousand programs takes seconds. */
export function documentMutants(): readonly Mutant[] {
  all ??= operatorDocuments.flatMap((operator) => mutantsOfDocument(expanded(operator)));
  return all;
}

/** Returns the mutant of an id, making only mutants of operators with the id's prefix. */
export function documentMutantNamed(id: string): Mutant | undefined {
  const own = operatorDocuments.filter(({ name }) => id.startsWith(`${name}-`));
  return own.flatMap((operator) => mutantsOfDocument(expanded(operator))).find((mutant) => mutant.id === id);
}

/** Returns mutants of a second form; the operator's name chooses among a fault's positions. */
export function mutantsOfDocument(operator: Operator): Mutant[] {
  const form = secondForm(operator);
  if (!form) return [];
  const mutants = mutators.flatMap((mutator) => faultsOf(form, mutator).next().value ?? []).slice(0, MOST);
  if (mutants.length >= FEWEST) return mutants;
  const others = mutators.flatMap((mutator) => [...faultsOf(form, mutator)].slice(1));
  return [...mutants, ...others.slice(0, FEWEST - mutants.length)];
}

/** Yields a mutant for each position of a fault that leaves a sound program. */
function* faultsOf(form: Operator, mutator: Mutator): Generator<Mutant, undefined> {
  const faults = [...mutator.faults(form)];
  const first = faults.length === 0 ? 0 : hashOf(nameHash(form.name), nameHash(mutator.id)) % faults.length;
  let place = 0;
  for (const fault of [...faults.slice(first), ...faults.slice(0, first)])
    if (fits(form, fault.program)) yield mutantOf(form, mutator, fault, place++);
}

function mutantOf(
  form: Operator,
  { id, imitates }: Mutator,
  { title, program, read, paging, limits }: ProgramFault,
  place: number,
): Mutant {
  const reading = { ...(read && { read }), ...(paging && { paging }), ...(limits && { limits }) };
  return {
    id: `${form.name}-${id}${place === 0 ? '' : `-${place + 1}`}`,
    class: `Operators: ${form.family}`,
    title,
    imitates,
    operators: [form.name] as [string],
    fault: { form: { right: form, operator: program ? { ...form, program: [...program] as Operator['program'] } : form, ...reading } },
  };
}
