import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import { rowMajor, type Tensor, type Tensors } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { Case } from '../../adapter.js';
import type { CallNames, CallValues } from '../manifest/names.js';
import { inDocumentOrder } from '../manifest/tensors.js';
import type { Argument } from './arguments.js';
import { isInteger } from './c-type.js';

/** Returns argument values: tensors as data from their first element, or null if absent. */
export function valuesOfCall(
  args: readonly Argument[],
  c: Case,
  tensors: Tensors,
  names: CallNames,
  operator: Operator | undefined,
): unknown[] {
  const views: Tensors = {};
  for (const [name, t] of Object.entries(tensors)) views[name] = inDocumentOrder(operator, name, t, c);
  const numbers = names.valuesIn(c, views);
  return args.map((argument) => {
    if (argument.kind === 'number') return numberOf(argument, numbers);
    const view = views[argument.tensor];
    if (view === undefined) return null;
    if (argument.kind === 'input' || argument.kind === 'output') return view.offset === 0 ? view.data : view.data.subarray(view.offset);
    const sizes = argument.kind === 'shape' ? view.shape : stridesOf(argument.tensor, view);
    return argument.type.base === 'int64_t' ? BigInt64Array.from(sizes, BigInt) : Int32Array.from(sizes);
  });
}

function stridesOf(name: string, t: Tensor): number[] {
  const strides = name === 'mask' || name === 'bias' ? rowMajor(t.shape) : t.strides;
  return t.shape.map((size, axis) => (size === 1 ? 0 : strides[axis]));
}

function numberOf({ name, type, value }: Extract<Argument, { kind: 'number' }>, numbers: CallValues): number {
  const number = evaluateExpression(value, (key) => numbers.get(key) as number);
  if (isInteger(type) && !Number.isSafeInteger(number)) throw new TypeError(`the argument ${name} would be ${number}, not an integer`);
  return number;
}
