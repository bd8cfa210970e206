import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { inputDraws, tableOf } from '../../../generators/values/element.js';
import { makeUnequal, onceInRows, otherValue, settle } from '../../../generators/values/input-domain.js';
import { outsideDomain } from '../../../spec/operator/domain.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Dims } from '../../../spec/types/documents.js';

const kinds = ['number', 'index', 'boolean'] as const;
const normal = tableOf('normal').slice(0, 4000);

const rows = fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 });

/** Numbers that an input has which points into an axis of this size. */
function indices(n: number, draw: 'normal' | 'padded' | 'sorted'): Float64Array {
  const values = Float64Array.from(normal);
  settle(values, { kind: 'index', draw, of: 'n' }, [values.length], { n } as unknown as Dims);
  return values;
}

describe('inputs of a domain', () => {
  it('point into the whole axis, and where padded nowhere too, each place about as often', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.constantFrom('normal' as const, 'padded' as const), (n, draw) => {
        const values = indices(n, draw);
        const first = draw === 'padded' ? -1 : 0;
        const counts = new Map<number, number>();
        for (const x of values) counts.set(x, (counts.get(x) ?? 0) + 1);
        expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: n - first }, (_, i) => i + first));
        const even = values.length / counts.size;
        for (const count of counts.values()) expect(Math.abs(count - even)).toBeLessThan(even / 2);
      }),
      { numRuns: 40 },
    );
  });

  it('name no place twice in a row where each is named once, before and after a change', () => {
    const facts = { kind: 'index', draw: 'once', once: true, of: 'n' } as const;
    const values = Float64Array.from(normal).subarray(0, 400);
    settle(values, facts, [100, 4], { n: 5 } as unknown as Dims);
    const changed = values.map((x, at) => otherValue(x, facts, 5, at % 4));
    onceInRows(changed, 4);
    for (const all of [values, changed])
      for (let row = 0; row < 100; row++) {
        const places = [...all.subarray(4 * row, 4 * row + 4)].filter((place) => place >= 0);
        expect(new Set(places).size).toBe(places.length);
        for (const place of places) expect(place).toBeLessThan(5);
      }
    expect(new Set(values)).toEqual(new Set([-1, 0, 1, 2, 3, 4]));
  });

  it('name places and numbers beyond them where an index may', () => {
    const facts = { kind: 'index', draw: 'beyond', of: 'n' } as const;
    const values = Float64Array.from(normal);
    settle(values, facts, [values.length], { n: 5 } as unknown as Dims);
    expect(new Set(values)).toEqual(new Set([-1, 0, 1, 2, 3, 4, 5, 6, 2 ** 31 - 1, -(2 ** 31)]));
    for (const value of values) expect(outsideDomain(facts, value, { axis: 'n', size: 5 })).toBeUndefined();
  });

  it.each(['bf16', 'f16', 'f32'] as const)('have no two numbers of a row that are stored as the same %s where none may be', (dtype) => {
    const near = fc.double({ min: 0.9, max: 1.1, noNaN: true });
    const number = fc.oneof(
      near,
      near.map((x) => -x),
      fc.constantFrom(...normal),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 2, maxLength: 60 }), (drawn) => {
        const values = Float64Array.from([...drawn, ...drawn]);
        makeUnequal(values, drawn.length, dtype);
        for (const row of [values.subarray(0, drawn.length), values.subarray(drawn.length)]) {
          expect(new Set(row).size).toBe(drawn.length);
          for (const [at, x] of row.entries()) {
            expect(roundTo(dtype, x)).toBe(x);
            // a number moves no farther than all others of the row could push it
            expect(Math.abs(x - drawn[at])).toBeLessThanOrEqual(3 * drawn.length * floatFormats[dtype].roundoff * Math.abs(x));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(['scale', 'signed-scale', 'power'] as const)('keep their sign and are not 0 as a %s, after a change too', (draw) => {
    for (const x of tableOf(inputDraws[draw])) {
      const other = otherValue(x, { kind: 'number', draw }, 1, 0);
      expect(Math.sign(other)).toBe(Math.sign(x));
      expect(other).not.toBe(x);
    }
  });

  it('scale the largest number of the codes that they are for to 8 at most, and to less by twelve binades at least', () => {
    const dims = { n: 1 } as unknown as Dims;
    for (const [scales, largest] of [
      ['e4m3', 448],
      ['e5m2', 57_344],
      ['int8', 128],
      ['e2m1', 6],
    ] as const) {
      const numbers = tableOf(inputDraws.scale).slice();
      settle(numbers, { kind: 'number', draw: 'scale', scales }, [numbers.length], dims);
      const ends = [Math.min(...numbers), Math.max(...numbers)].map((x) => x * largest);
      expect(ends[0]).toBeGreaterThan(8 / 2 ** 12.1);
      expect(ends[0]).toBeLessThan(8 / 2 ** 11.9);
      expect(ends[1]).toBeLessThanOrEqual(8);
      expect(ends[1]).toBeGreaterThan(7.9);
      const codes = Float64Array.from({ length: 300 }, (_, i) => i);
      settle(codes, { kind: 'code', format: 'e8m0', draw: 'scale', scales }, [codes.length], dims);
      const powers = [...new Set(codes)].map((code) => 2 ** (code - 127) * largest);
      expect(Math.max(...powers)).toBeLessThanOrEqual(8);
      expect(powers.length).toBeGreaterThan(11);
    }
  });

  it('are parents that lie before their nodes, in chains and other trees, with one root and with several', () => {
    const seen = new Set<string>();
    for (let at = 0; at + 6 <= normal.length; at += 6) {
      const parents = normal.slice(at, at + 6);
      settle(parents, { kind: 'index', draw: 'tree', of: 'm' }, [1, 6], { m: 6 } as unknown as Dims);
      for (const [node, parent] of parents.entries()) {
        expect(Number.isInteger(parent) && parent >= -1 && parent < node).toBe(true);
        // another tree, or for the first node the same
        const other = otherValue(parent, { kind: 'index', draw: 'tree' }, 6, node);
        expect(other >= -1 && other < node).toBe(true);
        expect(other !== parent).toBe(node > 0);
      }
      const roots = parents.filter((parent) => parent < 0).length;
      seen.add(parents.every((parent, node) => parent === node - 1) ? 'chain' : roots > 1 ? 'several roots' : 'one root');
      seen.add(`parent ${parents[5]}`);
    }
    expect([...seen].sort()).toEqual(
      ['chain', 'one root', 'several roots', ...[-1, 0, 1, 2, 3, 4].map((parent) => `parent ${parent}`)].sort(),
    );
  });

  it('point into the whole axis in order, row by row, where sorted; and stay in order where the last of them are changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 9 }), (n, later) => {
        const values = Float64Array.from(normal).subarray(0, 400);
        settle(values, { kind: 'index', draw: 'sorted', of: 'n' }, [40, 10], { n } as unknown as Dims);
        expect([...new Set(values)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        for (let start = 0; start < values.length; start += 10) {
          const row = values.slice(start, start + 10);
          const changed = row.map((x, i) => (i < later ? x : otherValue(x, { kind: 'index', draw: 'sorted' }, n, i)));
          for (const one of [row, changed]) expect(one.every((x, i) => i === 0 || one[i - 1] <= x)).toBe(true);
          expect(changed.every((x) => x < n)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are those of tables within [−1, 1], of both signs', () => {
    const table = tableOf(inputDraws.table);
    expect(table.every((x) => Math.abs(x) <= 1)).toBe(true);
    expect(table.filter((x) => x < -0.5).length).toBeGreaterThan(table.length / 8);
    expect(table.filter((x) => x > 0.5).length).toBeGreaterThan(table.length / 8);
  });

  it('change to another value of the domain', () => {
    for (const kind of kinds)
      for (const x of kind === 'boolean' ? [0, 1] : kind === 'index' ? [-1, 0, 3] : [-0.5, 0.5]) {
        const other = otherValue(x, { kind, draw: kind === 'index' ? 'padded' : 'table' }, 4, 0);
        expect(other).not.toBe(x);
        if (kind === 'index') expect(other >= 0 && other < 4).toBe(true);
        else expect(Math.abs(other)).toBeLessThanOrEqual(1);
      }
  });

  test.prop([rows, fc.integer({ min: 1, max: 3 })])('are of length 1, or sum to 1, along their last axis', (row, count) => {
    for (const [draw, power] of [
      ['direction', 2],
      ['simplex', 1],
    ] as const) {
      const values = Float64Array.from(Array.from({ length: count }, (_, at) => row.map((x) => x * (at + 1))).flat());
      settle(values, { kind: 'number', draw }, [count, row.length], {} as Dims);
      for (let at = 0; at < count; at++) {
        const own = values.subarray(at * row.length, (at + 1) * row.length);
        expect(own.reduce((sum, x) => sum + x ** power, 0)).toBeCloseTo(1, 12);
        // proportions stay
        for (const [i, x] of own.entries()) expect(x / own[0]).toBeCloseTo(row[i] / row[0], 10);
      }
    }
  });
});
