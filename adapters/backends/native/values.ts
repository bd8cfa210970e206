import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import { rowMajor, type Tensor, type Tensors, transpose } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case } from '../../adapter.js';
import { valuesFor } from '../manifest/names.js';
import type { Argument } from './arguments.js';
import { isInteger } from './c-type.js';

/** Tensors whose axis order depends on the layout. */
const laidOut = ['q', 'k', 'v', 'k_new', 'v_new', 'o', 'do', 'dq', 'dk', 'dv'];

/**
 * Returns the values to pass to a function, in the order of its arguments. A tensor is passed as its data from the first element
 * on, or as null if the call lacks it.
 * @param tensors inputs, and outputs that are not written yet.
 */
export function valuesOfCall(args: readonly Argument[], c: Case, tensors: Tensors, capabilities: Capabilities): unknown[] {
  const views: Tensors = {};
  for (const [name, t] of Object.entries(tensors)) views[name] = inHeadOrder(name, t, c);
  const numbers = valuesFor(c, views, capabilities);
  return args.map((argument) => {
    if (argument.kind === 'number') return numberOf(argument, numbers);
    const view = views[argument.tensor];
    if (view === undefined) return null;
    if (argument.kind === 'input' || argument.kind === 'output') return view.offset === 0 ? view.data : view.data.subarray(view.offset);
    const sizes = argument.kind === 'shape' ? view.shape : stridesOf(argument.tensor, view);
    return argument.type.base === 'int64_t' ? BigInt64Array.from(sizes, BigInt) : Int32Array.from(sizes);
  });
}

/** Returns a view of the tensor with axes b h l d, whatever the layout; b h l for lse and dlse. */
function inHeadOrder(name: string, t: Tensor, { layout }: Case): Tensor {
  const packed = layout === 'thd' && (laidOut.includes(name) || name === 'lse' || name === 'dlse');
  const whole = packed ? { ...t, shape: [1, ...t.shape], strides: [0, ...t.strides] } : t;
  return layout !== 'bhld' && laidOut.includes(name) ? transpose(whole, [0, 2, 1, 3]) : whole;
}

function stridesOf(name: string, t: Tensor): number[] {
  const strides = laidOut.includes(name) ? t.strides : rowMajor(t.shape);
  return t.shape.map((size, axis) => (size === 1 ? 0 : strides[axis]));
}

function numberOf({ name, type, value }: Extract<Argument, { kind: 'number' }>, numbers: ReadonlyMap<string, number>): number {
  const number = evaluateExpression(value, (key) => numbers.get(key) as number);
  if (isInteger(type) && !Number.isSafeInteger(number)) throw new TypeError(`the argument ${name} would be ${number}, not an integer`);
  return number;
}
