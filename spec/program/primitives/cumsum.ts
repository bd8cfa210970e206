import { gamma } from '../../numeric/profile.js';
import type { Term } from '../../types/documents.js';
import { requireAxes } from '../lib/require-axes.js';
import { type Application, type Primitive, TermError } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { offsets, strideOf, without } from '../tensor.js';

interface Line {
  readonly starts: Int32Array;
  readonly step: number;
  readonly length: number;
  readonly decays?: Int32Array;
}

function lines({ operands, axes, attributes, sizes }: Application): Line {
  const { x, decay } = operands;
  const step = strideOf(x.axes, axes[0], sizes);
  const length = sizes[axes[0]];
  const others = without(x.axes, axes);
  const starts = offsets(x.axes, others, sizes);
  const decays = decay && { decays: offsets(decay.axes, others, sizes) };
  if (!attributes.reverse) return { starts, step, length, ...decays };
  return { starts: starts.map((s) => s + (length - 1) * step), step: -step, length, ...decays };
}

/** Inclusive cumulative sum, or suffix sum if `reverse`; `decay` s weighs by exp(−s·distance). */
export const cumsum: Primitive = {
  name: 'cumsum',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
  ],
  attributes: { reverse: { kind: 'flag' }, decay: { kind: 'number' } },
  shape({ operands: { x, decay }, axes }) {
    requireAxes(axes, x);
    const other = decay?.axes.find((axis) => axis === axes[0] || !x.axes.includes(axis));
    if (other) throw new TermError(`"decay" has axis "${other}"; it may only have axes of the operand that are not summed over`);
    return x;
  },
  value(application) {
    const { x, decay } = application.operands;
    const { value: xValue, zero: xZero } = x;
    const { starts, step, length, decays } = lines(application);
    const value = floats(x.value.length);
    const zero = xZero ? bytes(value.length) : undefined;
    for (let line = 0; line < starts.length; line++) {
      const kept = decays ? Math.exp(-decay.value[decays[line]]) : 1;
      let total = 0;
      let terms = 0;
      for (let k = 0, at = starts[line]; k < length; k++, at += step) {
        total *= kept;
        if (!xZero?.[at]) {
          total += xValue[at];
          terms++;
        }
        value[at] = total;
        if (zero && terms === 0) zero[at] = 1;
      }
    }
    return zero ? { value, zero } : { value };
  },
  bound(application, result) {
    const { x, decay } = application.operands;
    const { value: xValue, bound: xBound, zero: xZero } = x;
    const { starts, step, length, decays } = lines(application);
    const { a, u, t, parts, exp } = application.profile;
    // over several ranks, each partial sum is stored once
    const g = gamma(length, a) + (parts > 1 ? u : 0);
    const bound = floats(result.value.length);
    for (let line = 0; line < starts.length; line++) {
      const rate = decays ? decay.value[decays[line]] : 0;
      const kept = Math.exp(-rate);
      // relative error per step: one exponential (or factor of an earlier weight) and one product
      const loss = decays ? Math.expm1(decay.bound?.[decays[line]] ?? 0) + (7 + 3 * Math.abs(rate)) * a + exp : 0;
      let magnitude = 0;
      let plain = 0;
      let weights = 0;
      let error = 0;
      for (let k = 0, at = starts[line]; k < length; k++, at += step) {
        weights = kept * (weights * (1 + loss) + magnitude * loss);
        magnitude *= kept;
        error *= kept * (1 + loss);
        if (!xZero?.[at]) {
          magnitude += Math.abs(xValue[at]);
          plain += Math.abs(xValue[at]);
          if (xBound) error += xBound[at];
        }
        // weights and products below the accumulator's smallest number
        const lost = decays ? t * (plain + k) : 0;
        bound[at] = g * magnitude + (1 + g) * (error + weights) + lost;
      }
    }
    return bound;
  },
  gradient({ operands, axes, attributes }): Record<string, Term> {
    const decays = operands.decay && { decay: 'decay' };
    const back = { ...(!attributes.reverse && { reverse: true }), ...decays };
    const again = { ...(attributes.reverse && { reverse: true }), ...decays };
    const x = ['cumsum', 'dout', axes[0], ...(Object.keys(back).length > 0 ? [back] : [])];
    // Σ k·exp(−s·k)·x = cumsum(out) − out: cumsum(out) has k + 1 times each term
    return decays ? { x, decay: ['mul', 'dout', ['sub', 'out', ['cumsum', 'out', axes[0], again]]] } : { x };
  },
};
