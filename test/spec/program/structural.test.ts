import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateProgram, type ProgramInputs, type ProgramTensor } from '../../../spec/program/run.js';
import type { Sizes } from '../../../spec/program/tensor.js';
import type { Operator, Term } from '../../../spec/types/documents.js';
import { inputsFor, programOf, randomNumbers } from './fixtures.js';

type Place = Readonly<Record<string, number>>;

/** One use of a primitive on x [a, n], and the elements of x whose sum an element of the result is, in the order of a loop. */
interface Use {
  readonly sizes: Sizes;
  readonly term: Term;
  /** Axes of x; default: a and n. */
  readonly axes?: readonly string[];
  readonly index?: { readonly axes: readonly string[]; readonly values: readonly number[] };
  readonly terms: (out: Place, inside: (axis: string) => readonly number[]) => Place[];
  readonly sign?: (out: Place) => number;
}

const size = fc.integer({ min: 1, max: 9 });
const small = fc.integer({ min: 1, max: 4 });
const away = fc.integer({ min: -12, max: 12 });

const blocks = fc.record({ a: small, n: size, r: size }).map((s) => ({ ...s, c: Math.ceil(s.n / s.r) }));
const taps = fc.tuple(fc.record({ a: small, n: size, t: small }), away);
const range = fc.tuple(small, fc.nat(4), small, fc.nat(4)).map(([a, from, r, after]) => ({ a, from, r, n: from + r + after }));

/** Whole numbers around an axis of this size: padding, places outside, and often the same one twice. */
const indices = (count: number, n: number) => fc.array(fc.integer({ min: -2, max: n + 1 }), { minLength: count, maxLength: count });

const uses: Record<string, fc.Arbitrary<Use>> = {
  split: blocks.map((sizes) => ({
    sizes,
    term: ['split', 'x', 'n', 'c', 'r'],
    terms: ({ a, c, r }) => (c * sizes.r + r < sizes.n ? [{ a, n: c * sizes.r + r }] : []),
  })),
  join: blocks.map((sizes) => ({
    sizes,
    axes: ['c', 'a', 'r'],
    term: ['join', 'x', 'c', 'r', 'n'],
    terms: ({ a, n }) => [{ a, c: Math.floor(n / sizes.r), r: n % sizes.r }],
  })),
  window: taps.map(([sizes, offset]) => ({
    sizes,
    term: ['window', 'x', 'n', 't', offset],
    terms: ({ a, n, t }) => (n + t - offset >= 0 && n + t - offset < sizes.n ? [{ a, n: n + t - offset }] : []),
  })),
  overlap: taps.map(([sizes, offset]) => ({
    sizes,
    axes: ['t', 'a', 'n'],
    term: ['overlap', 'x', 'n', 't', offset],
    terms: ({ a, n: j }, inside) => inside('n').flatMap((n) => inside('t').flatMap((t) => (n + t - offset === j ? [{ a, n, t }] : []))),
  })),
  part: range.map(({ from, ...sizes }) => ({
    sizes,
    term: ['part', 'x', 'n', from, from + sizes.r, 'r'],
    terms: ({ a, r }) => [{ a, n: from + r }],
  })),
  place: range.map(({ from, ...sizes }) => ({
    sizes,
    axes: ['r', 'a'],
    term: ['place', 'x', 'r', from, from + sizes.r, 'n'],
    terms: ({ a, n }) => (n >= from && n < from + sizes.r ? [{ a, r: n - from }] : []),
  })),
  concat: fc.record({ a: small, n: size }).map(({ a, n }) => ({
    sizes: { a, n, r: a + n },
    term: ['concat', ['sum', 'x', 'n'], ['slice', 'x', 'a', a - 1], 'a', 'n', 'r'],
    terms: ({ r }, inside) => (r < a ? inside('n').map((i) => ({ a: r, n: i })) : [{ a: a - 1, n: r - a }]),
  })),
  slice: fc.tuple(small, size, fc.nat(8)).map(([a, n, at]) => ({
    sizes: { a, n },
    term: ['slice', 'x', 'n', at % n],
    terms: ({ a: row }) => [{ a: row, n: at % n }],
  })),
  rotate: fc.tuple(small, small, fc.boolean()).map(([a, half, pairs]) => ({
    sizes: { a, n: 2 * half },
    term: ['rotate', 'x', 'n', { layout: pairs ? 'pairs' : 'halves' }],
    terms: ({ a: row, n }) => [{ a: row, n: pairs ? (n % 2 === 0 ? n + 1 : n - 1) : (n + half) % (2 * half) }],
    sign: ({ n }) => ((pairs ? n % 2 === 0 : n < half) ? -1 : 1),
  })),
  gather: fc
    .record({ a: small, n: size, k: small })
    .chain((sizes) => indices(sizes.a * sizes.k, sizes.n).map((values) => ({ sizes, values })))
    .map(({ sizes, values }) => ({
      sizes,
      index: { axes: ['a', 'k'], values },
      term: ['gather', 'x', 'n', 'at'],
      terms: ({ a, k }) => {
        const n = values[a * sizes.k + k];
        return n >= 0 && n < sizes.n ? [{ a, n }] : [];
      },
    })),
  scatter: fc
    .record({ a: small, n: size, k: small })
    .chain((sizes) => indices(sizes.a * sizes.n, sizes.k).map((values) => ({ sizes, values })))
    .map(({ sizes, values }) => ({
      sizes,
      index: { axes: ['a', 'n'], values },
      term: ['scatter', 'x', 'at', 'k', 'n'],
      terms: ({ a, k }, inside) => inside('n').flatMap((n) => (values[a * sizes.n + n] === k ? [{ a, n }] : [])),
    })),
};

interface Run {
  readonly operator: Operator;
  readonly inputs: ProgramInputs;
  readonly result: ProgramTensor;
}

/** Runs a use on x whose numbers below 0 are structural zeros, with an error for each of the others. */
function run({ sizes, term, axes = ['a', 'n'], index }: Use, seed: number): Run {
  const next = randomNumbers(seed);
  const kept: Term = ['where', ['positive', 'w'], 'x', 0];
  const inside = (part: Term): Term => (part === 'x' ? kept : Array.isArray(part) ? (part.map((p) => inside(p as Term)) as Term) : part);
  const operator = programOf({ x: [...axes], w: [...axes], ...(index && { at: [...index.axes] }) }, [['out', inside(term)]]);
  const drawn = inputsFor(operator, { sizes, seed, dtype: 'f32' });
  const at = index && { axes: index.axes, value: Float64Array.from(index.values) };
  const x = { ...drawn.tensors.x, bound: drawn.tensors.x.value.map(() => Math.abs(next()) * 1e-6) };
  const inputs = { ...drawn, tensors: { ...drawn.tensors, x, ...(at && { at }) } };
  return { operator, inputs, result: evaluateProgram(operator, inputs).out };
}

/** A float32 number within the error of an input, above or below it where there is one. */
function misread({ value, bound }: ProgramTensor, at: number, direction: number): number {
  const near = Math.fround(value[at] + (direction * (bound?.[at] ?? 0)) / 2);
  return Math.abs(near - value[at]) <= (bound?.[at] ?? 0) ? near : value[at];
}

/** Every place of a tensor, in row-major order. */
function placesOf({ axes }: ProgramTensor, sizes: Sizes): Place[] {
  return axes.reduce<Place[]>(
    (places, axis) => places.flatMap((place) => Array.from({ length: sizes[axis] }, (_, i) => ({ ...place, [axis]: i }))),
    [{}],
  );
}

function offsetOf({ axes }: ProgramTensor, sizes: Sizes, place: Place): number {
  return axes.reduce((at, axis) => at * sizes[axis] + place[axis], 0);
}

describe('what moves and collects elements', () => {
  it.each(Object.entries(uses))('%s agrees with a plain loop, and its bound holds for sums in float32', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, fc.nat(10_000), (use, seed) => {
        const { result, inputs } = run(use, seed);
        const { x, w } = inputs.tensors;
        const inside = (axis: string) => Array.from({ length: use.sizes[axis] }, (_, i) => i);
        const places = placesOf(result, inputs.sizes);
        expect(places.length).toBe(result.value.length);
        for (const [i, out] of places.entries()) {
          const terms = use.terms(out, inside).map((place) => offsetOf(x, inputs.sizes, place));
          const there = terms.filter((at) => w.value[at] > 0);
          const sign = use.sign?.(out) ?? 1;
          const exact = there.reduce((sum, at) => sum + sign * x.value[at], 0);
          expect(result.value[i]).toBeCloseTo(exact, 12);
          expect(result.zero?.[i] ?? 0).toBe(there.length === 0 ? 1 : 0);
          const e = result.bound?.[i] ?? 0;
          for (const direction of [1, -1]) {
            const sum = there.reduce((total, at) => Math.fround(total + sign * misread(x, at, direction)), 0);
            expect(Math.abs(sum - exact)).toBeLessThanOrEqual(e);
          }
          if (there.length <= 1) expect(e).toBeLessThan(1.3e-6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(uses))('%s keeps NaN and infinity of structural zeros out', (name) => {
    fc.assert(
      fc.property(uses[name], fc.nat(10_000), fc.constantFrom(NaN, Infinity), (use, seed, poison) => {
        const { operator, inputs, result } = run(use, seed);
        const { x, w } = inputs.tensors;
        const bad = x.value.map((value, at) => (w.value[at] > 0 ? value : poison));
        const { out } = evaluateProgram(operator, { ...inputs, tensors: { ...inputs.tensors, x: { ...x, value: bad } } });
        expect(out.value).toEqual(result.value);
        expect(out.bound).toEqual(result.bound);
      }),
      { numRuns: 20 },
    );
  });
});
