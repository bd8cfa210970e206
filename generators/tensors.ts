import type { Claims } from '../spec/claims/claims.js';
import type { CompiledMask } from '../spec/mask/compile/compiled-mask.js';
import { denseAdditive, denseBoolean } from '../spec/mask/views/dense.js';
import { axesOf, flatAxesOf, layoutForm } from '../spec/operator/facts.js';
import { prefillOf } from '../spec/tensor/prefill.js';
import { type Tensor, type Tensors, tensor, tensorOf, valuesOf } from '../spec/tensor/tensor.js';
import type { Case, Operator } from '../spec/types/documents.js';
import { isPaged, pagedTensors } from './history/pages.js';
import { storedInputs } from './problem.js';
import { inLayout, inView } from './values/view.js';
import { type MaskForm, maskForm, masksOf } from './whole/mask-form.js';

/** Tensors that the kernel receives. @throws {RangeError} if it accepts no form of the mask. */
export function tensorsOf(claims: Claims, c: Case, command: 'forward' | 'backward' = 'forward'): Tensors {
  const { library, capabilities } = claims;
  const { whole, own } = masksOf(library, c);
  const form = maskForm(claims, c, own);
  if (!form) throw new RangeError(`this implementation accepts mask ${JSON.stringify(c.mask)} neither by name nor as a dense tensor`);
  const operator = library.operators.get(c.operator) as Operator;
  if (isPaged(c)) return pagedTensors(claims, c, capabilities.pages?.append ?? false);
  const inputs = storedInputs(claims, c, whole, command === 'backward', false);
  const tensors: Tensors = {};
  for (const [name, input] of Object.entries(inputs)) {
    const form = layoutForm(flatAxesOf(axesOf(operator, name) ?? []));
    const plain = inLayout(tensor(input.dtype, input.shape, input.data), c.layout, form);
    const view = c.views?.[name];
    tensors[name] = view ? inView(plain, view, c.layout, prefillOf(c)) : plain;
    if (input.scale) tensors[`${name}_scale`] = tensorOf('f32', [c.dims.b, c.dims.hk], input.scale);
  }
  addMask(tensors, c, own, form);
  return tensors;
}

function addMask(tensors: Tensors, c: Case, mask: CompiledMask, form: MaskForm): void {
  if (form.by === 'name') {
    for (const [name, table] of Object.entries(mask.tables)) tensors[name] = table;
  } else if (form.by === 'boolean') {
    tensors.mask = denseBoolean(mask, form.shape, c.dialect?.booleanMask === 'drop');
  } else {
    const additive = denseAdditive(mask, form.shape, c.dtype);
    tensors.bias = tensors.bias ? sum(tensors.bias, additive) : additive;
  }
}

function sum(bias: Tensor, mask: Tensor): Tensor {
  const hidden = valuesOf(mask);
  return tensorOf(
    bias.dtype,
    bias.shape,
    valuesOf(bias).map((x, i) => (hidden[i] === 0 ? x : hidden[i])),
  );
}
