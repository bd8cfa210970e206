import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { budgetOf, isAffordable, speeds, workOf } from '../../../generators/dims/budget.js';
import { workLimit } from '../../../generators/dims/dims.js';
import { withinLimits } from '../../../generators/lib/limits.js';
import { type DrawRequest, features } from '../../../generators/lib/needs.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case } from '../../../spec/types/documents.js';
import { capable, library, request, softmax } from '../capable.js';

const everything = capable({ pages: { sizes: [16, 64], append: true } });

/** Cases of a check that are of production sizes, and the others. */
function drawn(wanted: DrawRequest, count: number, capabilities = everything): { production: Case[]; small: Map<number, Case> } {
  const arbitrary = caseArbitrary(Claims.of(library, capabilities), wanted);
  const production: Case[] = [];
  const small = new Map<number, Case>();
  for (let i = 0; i < count; i++) {
    const { value, context } = drawCase(arbitrary, caseSeed(5, i, 0));
    if ((context as { flat: { production: number } }).flat.production > 0) production.push(value);
    else small.set(i, value);
  }
  return { production, small };
}

const wishes = fc.record({
  feature: fc.constantFrom(undefined, ...features),
  speed: fc.constantFrom(...speeds),
  passes: fc.constantFrom(1, 3, 12),
});

describe('cases of production sizes', () => {
  test.prop([wishes], { numRuns: 40 })('leave the others as they are', ({ feature, speed, passes }) => {
    const wanted = request({ ...(feature && { feature }), needs: { passes }, speed });
    const { small, production } = drawn(wanted, 60);
    const { small: without } = drawn({ ...wanted, speed: undefined }, 60);
    expect(production.length).toBeGreaterThan(0);
    expect(without.size).toBe(60);
    for (const [i, c] of small) expect(c).toEqual(without.get(i));
  });

  test.prop([wishes, fc.constantFrom('any', 'causal', 'document')], { numRuns: 40 })(
    'cost what a call of the class may, and are judged in some of their rows where they cost more than others',
    ({ feature, speed, passes }, mask) => {
      const wanted = request({ ...(feature ? { feature } : { mask }), needs: { passes }, speed });
      const budget = budgetOf(softmax, wanted);
      if (!budget) throw new Error('no budget');
      for (const { dims, values } of drawn(wanted, 60).production) {
        const { b, hk, g, m } = dims;
        expect(isAffordable(dims, budget, false, 1.1)).toBe(true);
        const large = workOf(dims) > workLimit(softmax, wanted);
        expect(values.rows === undefined || large).toBe(true);
        if (values.rows !== undefined) expect(values.rows).toBeLessThan(b * hk * g * m);
      }
    },
  );

  it('are drawn for other operators as far as their programs are affordable', () => {
    for (const operator of ['linear', 'linear-causal', 'efficient', 'linear-decay']) {
      const wanted = request({ operator, mask: operator === 'linear-causal' ? 'full' : 'any', needs: { passes: 1 }, speed: 'medium' });
      const { production } = drawn(wanted, 100);
      expect(
        production.some(({ dims }) => dims.d >= 64),
        operator,
      ).toBe(true);
      expect(production.every(({ values }) => values.rows === undefined)).toBe(true);
    }
  });

  it('keep to the plain form, to limits and to what is excluded', () => {
    const limits = { d: [64, 128], e: '=d', m: { min: 16, multipleOf: 16 } } as const;
    const limited = capable({ limits: { ...limits, d: [...limits.d] }, excludes: [{ dims: { d: 128 } } as never] });
    const plain = drawn(request({ mask: 'causal', needs: { passes: 1 }, speed: 'medium' }), 200, limited).production;
    expect(plain.length).toBeGreaterThan(3);
    for (const { dims } of plain) {
      expect(withinLimits(limited.limits, dims)).toBe(true);
      expect([dims.d, dims.g]).toEqual([64, 1]);
      expect([dims.m, dims.e]).toEqual([dims.n, dims.d]);
    }
  });

  it('have one size of each axis that costs a compilation, beside those of the other cases', () => {
    const costly = capable({ compilesPer: ['n', 'm', 'd', 'e'] });
    for (const feature of features.filter((name) => name !== 'composed')) {
      const { production, small } = drawn(request({ feature, needs: { passes: 1 }, speed: 'medium' }), 300, costly);
      const all = [...production, ...small.values()].filter(({ packed }) => !packed);
      for (const axis of ['n', 'd'] as const)
        expect(new Set(all.map(({ dims }) => dims[axis])).size, `${feature} ${axis}`).toBeLessThan(14);
    }
  });

  it('have any two axes at such sizes together, in a default run of a check whose sizes are free', () => {
    const drawnDims = drawn(request({ feature: 'all', needs: { passes: 1 }, speed: 'medium' }), 200).production.map(({ dims }) => dims);
    const least = { b: 4, hk: 4, g: 4, m: 128, n: 128, d: 64, e: 64 };
    const axes = Object.keys(least) as (keyof typeof least)[];
    for (const x of axes)
      for (const y of axes)
        expect(drawnDims.filter((dims) => dims[x] >= least[x] && dims[y] >= least[y]).length, `${x}, ${y}`).toBeGreaterThan(2);
  });

  it('have few queries with many keys, as decoding has', () => {
    const { production } = drawn(request({ feature: 'cross', needs: { passes: 1 }, speed: 'medium' }), 400);
    for (const few of [1, 2, 4, 8, 16, 64])
      expect(
        production.some(({ dims: { m, n } }) => m === few && n >= 512),
        `${few} queries`,
      ).toBe(true);
  });

  it('have every exact power of two as their keys and as their queries, beside a second axis at such a size', () => {
    const { production } = drawn(request({ feature: 'all', needs: { passes: 1 }, speed: 'medium' }), 400);
    for (const length of [128, 256, 512, 1024, 2048, 4096])
      for (const axis of ['m', 'n'] as const) {
        const found = production.filter(({ dims }) => dims[axis] === length);
        expect(
          found.some(({ dims: { b, hk, g, d, e } }) => Math.max(b, hk, g) >= 4 || Math.max(d, e) >= 64),
          `${axis} = ${length}`,
        ).toBe(true);
      }
  });

  it('are not drawn where nobody says how fast the implementation is, nor for schemes', () => {
    expect(budgetOf(softmax, request({ needs: { passes: 1 } }))).toBeUndefined();
    expect(budgetOf(softmax, request({ needs: { passes: 1 }, speed: 'fast', scheme: 'ulysses' }))).toBeUndefined();
    expect(budgetOf(softmax, request({ speed: 'fast' }))).toBeUndefined();
  });
});
