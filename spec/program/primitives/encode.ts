import { type CodeOverflow, type CodeRounding, type Codes, codesOf } from '../../tensor/code-format.js';
import { roundTo } from '../../tensor/float-bits.js';
import { codeFormats, formatOf, nibbleOf } from '../lib/codes.js';
import { distanceWithin } from '../lib/distance.js';
import { type Application, type Primitive, TermError } from '../primitive.js';
import { elements, offsets, union } from '../tensor.js';

/** Exact numbers of codes, without gradient; `part` selects one of two codes in a byte. */
export const decode: Primitive = {
  name: 'decode',
  parameters: [{ name: 'x', kind: 'code' }],
  attributes: { format: { kind: 'choice', choices: codeFormats }, part: { kind: 'choice', choices: ['low', 'high'] } },
  shape({ operands: { x }, attributes }) {
    const format = formatOf(attributes);
    if (x.format !== format) throw new TermError(`found codes of ${x.format}, but "format" is ${format}`);
    if ((x.packed === true) !== (attributes.part !== undefined))
      throw new TermError(
        x.packed ? 'a byte holds two codes: say which with "part", low or high' : 'each code has its own byte: leave out "part"',
      );
    return { kind: 'number', axes: x.axes };
  },
  value({ operands: { x }, attributes }) {
    const codes = codesOf(formatOf(attributes));
    return { value: x.value.map((byte) => codes.decode(nibbleOf(byte, attributes.part))) };
  },
  bound({ operands: { x }, attributes }) {
    const codes = codesOf(formatOf(attributes));
    return x.bound?.map((places, i) => (places === 0 ? 0 : codes.reach(x.value[i], places)));
  },
  gradient: () => ({}),
};

const roundings: readonly CodeRounding[] = ['even', 'away', 'half-up', 'down', 'up'];

/**
 * Codes of x, x / `over` or x · `times`, by rules for rounding and overflow; x / 0 is coded as 0.
 * The bound counts codes. A quotient by a power of two, or by any number if the rule `divides`
 * without a reciprocal, is exact if the accumulator holds it; so is a product. The sign is exact.
 * Without gradient.
 */
export const encode: Primitive = {
  name: 'encode',
  open: 'a number may be rounded either way',
  parameters: [{ name: 'x', kind: 'number' }],
  attributes: {
    format: { kind: 'choice', choices: codeFormats },
    over: { kind: 'number' },
    times: { kind: 'number' },
    round: { kind: 'choice', choices: roundings },
    overflow: { kind: 'choice', choices: ['saturate', 'nan'] },
    divides: { kind: 'flag' },
  },
  shape({ operands: { x, over, times }, attributes }) {
    if (over && times) throw new TermError('found "over" and "times"; give one of them');
    if (attributes.format === undefined) throw new TermError(`"format" is missing; allowed: ${codeFormats.join(', ')}`);
    const format = formatOf(attributes);
    const { round = 'even' } = attributes;
    if ((format === 'f16' || format === 'f32') && round !== 'even') throw new TermError(`${format} is rounded to even, not ${round}`);
    return { kind: 'code', format, axes: union(x.axes, (over ?? times)?.axes ?? []) };
  },
  value(application) {
    const code = coder(application);
    const { rounding } = application;
    return { value: Float64Array.from(quotients(application), ({ x }) => code(rounding ? roundTo(rounding, x) : x)) };
  },
  bound(application, { value }) {
    const { profile } = application;
    const code = coder(application);
    const { rank } = codesOf(formatOf(application.attributes));
    const bound = Float64Array.from(quotients(application), ({ x, e, signed }, i) => {
      if (!(e > 0)) return 0;
      if (e === Infinity) return Infinity;
      const reach = distanceWithin(profile, e) + Number.EPSILON * Math.abs(x);
      // an underflow is a zero of the same sign
      const ends = [x - reach, x + reach].map((end) => (signed && end * x <= 0 ? x * 0 : end));
      return Math.max(...ends.map((end) => Math.abs(rank(code(end)) - rank(value[i]))));
    });
    return bound.some((e) => e > 0) ? bound : undefined;
  },
  gradient: () => ({}),
};

function coder({ attributes }: Application): (x: number) => number {
  const { encode }: Codes = codesOf(formatOf(attributes));
  const { round = 'even', overflow = 'saturate' } = attributes;
  return (x) => encode(x, round as CodeRounding, overflow as CodeOverflow);
}

interface Quotient {
  readonly x: number;
  readonly e: number;
  readonly signed?: boolean;
}

function quotients(application: Application): Quotient[] {
  const { operands, out, sizes, profile, attributes } = application;
  const { x, over } = operands;
  if (operands.times) return products(application);
  const xAt = offsets(x.axes, out.axes, sizes);
  const overAt = over && offsets(over.axes, out.axes, sizes);
  const held = (r: number) => roundTo(profile.accumulate, r) === r;
  return Array.from({ length: elements(out.axes, sizes) }, (_, i) => {
    const [value, ex] = [x.value[xAt[i]], x.bound?.[xAt[i]] ?? 0];
    if (!overAt) return { x: value, e: ex };
    const [by, ey] = [over.value[overAt[i]], over.bound?.[overAt[i]] ?? 0];
    if (by === 0) return { x: value * 0, e: ey > 0 ? Infinity : 0 };
    const r = value / by;
    if (value === 0 && ex === 0 && Math.abs(by) > ey) return { x: r, e: 0 };
    const size = Math.abs(r);
    if (Number.isNaN(r) || size === Infinity) return { x: r, e: ey > 0 ? Infinity : 0 };
    // floor(quotient + 8.5) rounds the sum too
    const sum = attributes.round === 'half-up' ? 9 + size : 0;
    const plain = attributes.divides === true || Number.isInteger(Math.log2(Math.abs(by)));
    if (plain && ex === 0 && ey === 0 && held(r) && r * by === value && (sum === 0 || held(r + 8.5))) return { x: r, e: 0 };
    const error = Math.abs(by) > ey ? (ex + size * ey) / (Math.abs(by) - ey) : Infinity;
    const signed = ex < Math.abs(value) && ey < Math.abs(by);
    return { x: r, e: error + profile.a * (3 * (size + error) + sum) + profile.t, signed };
  });
}

function products({ operands: { x, times }, out, sizes, profile }: Application): Quotient[] {
  const xAt = offsets(x.axes, out.axes, sizes);
  const timesAt = offsets(times.axes, out.axes, sizes);
  return Array.from({ length: elements(out.axes, sizes) }, (_, i) => {
    const [value, ex] = [x.value[xAt[i]], x.bound?.[xAt[i]] ?? 0];
    const [by, ey] = [times.value[timesAt[i]], times.bound?.[timesAt[i]] ?? 0];
    const r = value * by;
    if (!Number.isFinite(r)) return { x: r, e: ex + ey > 0 ? Infinity : 0 };
    if (ex === 0 && ey === 0 && roundTo(profile.accumulate, r) === r) return { x: r, e: 0 };
    const error = ex * Math.abs(by) + ey * (Math.abs(value) + ex);
    return { x: r, e: error + profile.a * (Math.abs(r) + error) + profile.t, signed: ex < Math.abs(value) && ey < Math.abs(by) };
  });
}
