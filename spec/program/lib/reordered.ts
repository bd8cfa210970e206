import type { NumericProfile } from '../../numeric/profile.js';
import type { Application, Evaluated } from '../primitive.js';
import { floats } from '../scratch.js';
import { elements, type Form, offsets, type ProgramTensor } from '../tensor.js';
import { alignment } from './elementwise.js';

// Kernels may compute Σ x·v / y as (Σ x·v) / y, Σ (x / y)·v or Σ x·(v / y); only the loss near zero
// differs. With loss t per product or quotient, K terms lose K·t/|y| if the division is last, at
// most K·t·max|v| or K·t·max|x| if it is first, and K·t in the remaining step: in all K·t·(1 +
// max(|x|, |v|) + 1/|y|).

const forms = new WeakMap<ProgramTensor, Form>();

/** Records a tensor's form, for later bounds. */
export function withForm(t: ProgramTensor, form: Form | undefined): ProgramTensor {
  if (form) forms.set(t, form);
  return t;
}

/** Form of a product, or of a sum of products over the application's axes. */
export function productsOf(application: Application): Form {
  const { operands, axes, sizes } = application;
  return { kind: 'products', terms: elements(axes, sizes), largest: () => largest(application, [operands.x, operands.y]) };
}

/** Adds the loss of dividing a factor first to the bounds of a quotient of products. */
export function dividedFirst(
  { operands: { x }, out, sizes, profile }: Application,
  { zero }: Evaluated,
  bound: Float64Array,
): Float64Array {
  const form = forms.get(x);
  if (form?.kind !== 'products') return bound;
  const loss = form.terms * lossOfAnotherOrder(profile);
  const most = form.largest();
  const at = alignment(x, out, sizes);
  for (let i = 0; i < bound.length; i++) if (!zero?.[i]) bound[i] += loss * (1 + most[at ? at[i] : i]);
  return bound;
}

/** Adds the loss of dividing later, or dividing the other factor, to bounds of products. */
export function dividedLater(application: Application, { zero }: Evaluated, bound: Float64Array): Float64Array {
  const { operands, axes, out, sizes, profile } = application;
  const loss = elements(axes, sizes) * lossOfAnotherOrder(profile);
  for (const [factor, other] of [
    [operands.x, operands.y],
    [operands.y, operands.x],
  ]) {
    const form = forms.get(factor);
    if (form?.kind !== 'quotient') continue;
    const { divisor } = form;
    const most = largest(application, [form.numerator, other]);
    const at = divisor.axes.some((axis) => axes.includes(axis)) ? undefined : offsets(divisor.axes, out.axes, sizes);
    for (let i = 0; i < bound.length; i++) {
      if (zero?.[i]) continue;
      const least = at ? Math.abs(divisor.value[at[i]]) - (divisor.bound?.[at[i]] ?? 0) : Infinity;
      if (least > 0) bound[i] += loss * (1 + most[i] + 1 / least);
    }
  }
  return bound;
}

function lossOfAnotherOrder({ t, w, partialsStored }: NumericProfile): number {
  return partialsStored ? Math.max(t, w) : t;
}

/** Largest finite magnitude of the factors of each element's terms, without structural zeros. */
function largest({ axes, out, sizes }: Application, [x, y]: readonly [ProgramTensor, ProgramTensor]): Float64Array {
  const [xOuter, xInner] = [offsets(x.axes, out.axes, sizes), offsets(x.axes, axes, sizes)];
  const [yOuter, yInner] = [offsets(y.axes, out.axes, sizes), offsets(y.axes, axes, sizes)];
  const most = floats(elements(out.axes, sizes));
  const { value: xValue, zero: xZero } = x;
  const { value: yValue, zero: yZero } = y;
  if (!xZero && !yZero) {
    largestOfFactor(xValue, xOuter, xInner, most);
    largestOfFactor(yValue, yOuter, yInner, most);
    return most;
  }
  const terms = xInner.length;
  for (let i = 0; i < most.length; i++) {
    let found = 0;
    for (let k = 0; k < terms; k++) {
      const xAt = xOuter[i] + xInner[k];
      const yAt = yOuter[i] + yInner[k];
      if (xZero?.[xAt] || yZero?.[yAt]) continue;
      const size = Math.max(Math.abs(xValue[xAt]), Math.abs(yValue[yAt]));
      if (size > found && size < Infinity) found = size;
    }
    most[i] = found;
  }
  return most;
}

/** Raises each element to its terms' largest factor; memoises elements with equal terms. */
function largestOfFactor(value: Float64Array, outer: Int32Array, inner: Int32Array, most: Float64Array): void {
  const known = floats(value.length).fill(-1);
  for (let i = 0; i < most.length; i++) {
    const from = outer[i];
    let found = known[from];
    if (found < 0) {
      found = 0;
      for (let k = 0; k < inner.length; k++) {
        const size = Math.abs(value[from + inner[k]]);
        if (size > found && size < Infinity) found = size;
      }
      known[from] = found;
    }
    if (found > most[i]) most[i] = found;
  }
}
