import { checkExpression } from '../../../spec/expression/check.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import { axesOf } from '../../../spec/operator/facts.js';
import type { Capabilities, Expression, NativeArgument, NativeArguments, Operator } from '../../../spec/types/documents.js';
import { CallNames } from '../manifest/names.js';
import { baseTypes, type CType, parseCType, pointersTo, pointsAt } from './c-type.js';
import { dtypeOf, inputNames, metadataOf, outputNames, type PassName } from './names.js';

export type Argument = { readonly name: string; readonly type: CType } & (
  | { readonly kind: 'input' | 'output'; readonly tensor: string }
  | { readonly kind: 'strides' | 'shape'; readonly tensor: string }
  | { readonly kind: 'number'; readonly value: Expression }
);

/** Reads and checks a function's arguments. @throws {DocumentError} at the first fault. */
export function readArguments(
  declared: NativeArguments,
  capabilities: Capabilities,
  operators: readonly Operator[],
  pass: PassName,
  document: string,
  path: string,
): Argument[] {
  const names = { values: new CallNames(capabilities, operators).all, tables: [] };
  return Object.entries(declared).map(([name, argument]) => {
    const at = `${path}.${name}`;
    const fault = (problem: string): never => {
      throw new DocumentError(document, at, problem);
    };
    return readArgument(name, argument, capabilities, operators, pass, fault, (value) => {
      checkExpression(value, names, document, typeof argument === 'string' ? at : `${at}.value`);
    });
  });
}

function readArgument(
  name: string,
  argument: NativeArgument,
  capabilities: Capabilities,
  operators: readonly Operator[],
  pass: PassName,
  fault: (problem: string) => never,
  checkNumber: (value: Expression) => void,
): Argument {
  const text = typeof argument === 'string' ? argument : argument.type;
  const value = typeof argument === 'string' ? name : argument.value;
  const type = parseCType(text);
  if (!type)
    return fault(
      `found the type ${JSON.stringify(text)}, must be one of ${baseTypes.join(', ')}, optionally with const before it and * after it`,
    );
  if (!type.pointer) {
    checkNumber(value);
    return { name, type, kind: 'number', value };
  }
  if (typeof value !== 'string') return fault('found an expression, must be the name of a tensor, because the argument is a pointer');
  const metadata = metadataOf(value, pass, operators);
  if (metadata) {
    if (!type.constant || !['int64_t', 'int32_t', 'int'].includes(type.base))
      fault(`found the type ${JSON.stringify(text)} for ${value}, must be const int64_t * or const int32_t *`);
    return { name, type, kind: metadata.what, tensor: metadata.tensor };
  }
  const [inputs, outputs] = [inputNames(pass, operators), outputNames(pass, operators)];
  const known = [...new Set([...inputs, ...outputs])];
  // a cache that is written in place is input and output
  const both = inputs.includes(value) && outputs.includes(value);
  const input = both ? type.constant : inputs.includes(value);
  if (!known.includes(value)) return fault(`found a pointer to "${value}", which names no tensor; ${nearestNames(value, known)}`);
  if (input !== type.constant) {
    const must = input ? `point to const: ${value} is an input of the ${pass} pass` : `not point to const: it is written`;
    return fault(`found the type ${JSON.stringify(text)} for ${value}, must ${must}`);
  }
  checkElements(value, type, input, capabilities, operators, fault);
  return { name, type, kind: input ? 'input' : 'output', tensor: value };
}

/** Checks a pointer's element type: only an output may be wider than the case's dtype. */
function checkElements(
  name: string,
  type: CType,
  input: boolean,
  { dtypes }: Capabilities,
  operators: readonly Operator[],
  fault: (problem: string) => never,
): void {
  const having = operators.filter((operator) => axesOf(operator, name) !== undefined);
  const wanted = dtypes.flatMap((dtype) => (having.length > 0 ? having.map((o) => dtypeOf(name, dtype, o)) : dtypeOf(name, dtype)));
  if (wanted.every((dtype) => pointsAt(type, dtype))) return;
  const wide = type.base === 'float' ? dtypes.every((dtype) => dtype !== 'f64') : type.base === 'double';
  if (!input && wide) return;
  const claimed = [...new Set(wanted)].join(' and ');
  fault(`found a pointer to ${type.base}, must be ${input ? 'const ' : ''}${pointersTo(wanted)} (or void *): ${name} is ${claimed} here`);
}
