import { requireAxes } from '../lib/require-axes.js';
import { type Application, type Primitive, TermError } from '../primitive.js';
import { gather, offsets, strideOf } from '../tensor.js';

function partners({ operands: { x }, axes: [axis], attributes, sizes }: Application): { from: Int32Array; minus: Uint8Array } {
  const step = strideOf(x.axes, axis, sizes);
  const place = offsets([axis], x.axes, sizes);
  const half = sizes[axis] / 2;
  const pairs = attributes.layout === 'pairs';
  const minus = Uint8Array.from(place, (i) => ((pairs ? i % 2 === 0 : i < half) ? 1 : 0));
  const distance = (pairs ? 1 : half) * step;
  return { from: offsets(x.axes, x.axes, sizes).map((at, i) => at + (minus[i] ? distance : -distance)), minus };
}

/**
 * Quarter turn (x₁, x₂) → (−x₂, x₁) of pairs along an axis: of its two `halves` (default), or of
 * neighbours (`pairs`). Rotary embedding: x·cos + rotate(x)·sin (RoFormer, arXiv 2104.09864, eq.
 * 34).
 */
export const rotate: Primitive = {
  name: 'rotate',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
  ],
  attributes: { layout: { kind: 'choice', choices: ['halves', 'pairs'] } },
  shape({ operands: { x }, axes, sizes }) {
    requireAxes(axes, x);
    if (sizes[axes[0]] % 2 !== 0)
      throw new TermError(`"${axes[0]}" has size ${sizes[axes[0]]}, must be even: elements are rotated in pairs`);
    return x;
  },
  value(application) {
    const { value, zero } = application.operands.x;
    const { from, minus } = partners(application);
    const turned = gather(value, from);
    for (let i = 0; i < turned.length; i++) if (minus[i]) turned[i] = -turned[i];
    return zero ? { value: turned, zero: gather(zero, from) } : { value: turned };
  },
  bound(application) {
    const { bound } = application.operands.x;
    return bound && gather(bound, partners(application).from);
  },
  least(application) {
    const { least } = application.operands.x;
    return least && gather(least, partners(application).from);
  },
  gradient: ({ axes: [axis], attributes: { layout = 'halves' } }) => ({ x: ['scale', -1, ['rotate', 'dout', axis, { layout }]] }),
};
