import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../../spec/lib/documents.js';
import { checkMaskSpec } from '../../../../spec/mask/check-spec.js';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import { maskDocuments } from '../../../../spec/masks/index.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Mask, MaskSpec } from '../../../../spec/types/documents.js';
import { compileByName, draw, library, problemOf, rowsOf } from '../library.js';
import { masks } from '../masks.js';

const named = (name: string, parameters?: unknown) => ({ name, parameters }) as Mask;
const window = (left: unknown, right: unknown) => named('sliding-window', { left, right });

describe('compileMask', () => {
  it('aligns causal and window masks by the dialect', () => {
    const sizes = { m: 2, n: 4 };
    expect(draw(named('causal'), sizes)).toEqual(['xxx.', 'xxxx']);
    expect(draw(named('causal'), { ...sizes, causal: 'top-left' })).toEqual(['x...', 'xx..']);
    expect(draw(window(1, 0), sizes)).toEqual(['.xx.', '..xx']);
    expect(draw(window(1, 0), { ...sizes, causal: 'top-left' })).toEqual(['x...', 'xx..']);
    expect(draw(named('causal'), { m: 4, n: 2 })).toEqual(['..', '..', 'x.', 'xx']);
  });

  it('counts the own position among the keys to the left of an exclusive window', () => {
    const exclusive = (mask: Mask) => draw(mask, { window: 'exclusive' });
    expect(exclusive(window(2, 0))).toEqual(['x...', 'xx..', '.xx.', '..xx']);
    expect(exclusive(window(1, 1))).toEqual(['xx..', '.xx.', '..xx', '...x']);
    expect(exclusive(window(0, 1))).toEqual(['.x..', '..x.', '...x', '....']);
    expect(exclusive(window(-1, 0))).toEqual(draw(window(-1, 0)));
    expect(exclusive(named('global-sliding-window', { window: 1 }))).toEqual(['xxxx', 'xxx.', 'x.xx', 'x..x']);
  });

  it('gives query head h the mask h mod their number', () => {
    const mask = compileMask(library, { heads: [named('full'), named('causal')] }, problemOf({ heads: 3, m: 2, n: 2 }));
    expect([0, 1, 2].map((h) => rowsOf(mask, 0, h))).toEqual([
      ['xx', 'xx'],
      ['x.', 'xx'],
      ['xx', 'xx'],
    ]);
    expect([mask.perHead, mask.perBatch, mask.area()]).toEqual([true, false, 4 + 3 + 4]);
  });

  it('knows the number of query heads', () => {
    // each head sees the keys of its own part
    const spec = {
      name: 'head-parts',
      version: '1.0.0',
      title: 'Head parts',
      visible: ['=', ['floor', ['/', ['*', 'j', 'heads'], 'n']], 'h'],
    } as MaskSpec;
    const own = { ...library, masks: new Map([...library.masks, [spec.name, spec]]) };
    const mask = compileMask(own, named('head-parts'), problemOf({ heads: 2, m: 1, n: 4 }));
    expect([0, 1].map((h) => rowsOf(mask, 0, h))).toEqual([['xx..'], ['..xx']]);
    expect(() => checkMaskSpec({ ...spec, parameters: { heads: { type: 'integer' } } } as unknown as MaskSpec)).toThrow(/"heads" is taken/);
  });

  it('composes', () => {
    expect(draw({ and: [named('causal'), { not: window(0, 0) }] })).toEqual(['....', 'x...', 'xx..', 'xxx.']);
    expect(draw({ or: [window(0, 0), named('padding', { lengths: [1], side: 'right' })] })).toEqual(['x...', 'xx..', 'x.x.', 'x..x']);
  });

  it('sends tables with the masks that need them, and none with compositions', () => {
    const { document } = compileByName('document', { lengths: [3, 0, 1] }, { b: 2 }).tables;
    expect(document).toMatchObject({ dtype: 'i32', shape: [2, 4] });
    expect([...valuesOf(document)]).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
    expect(compileByName('causal', undefined).tables).toEqual({});
    expect(compileMask(library, { not: named('document', { lengths: [4] }) }, problemOf()).tables).toEqual({});
  });

  it('chooses the same blocks for the same seed, and others for another', () => {
    const blocks = (seed: number) =>
      compileByName('block-sparse', { block: 1, seed, share: 0.25 }, { m: 16, n: 16 }).tables.blocks.data.join('');
    expect(blocks(7)).toBe(blocks(7));
    expect(new Set([0, 1, 2, 3, 4, 5].map(blocks)).size).toBe(6);
    // kept for ever: a case of an old failure folder must choose as it did
    expect(rowsOf(compileByName('variable-block-sparse', { seed: 3, mean: 2, min: 1, share: 0.4 }, { m: 6, n: 6 }))).toMatchInlineSnapshot(`
      [
        "xxx...",
        "xxx...",
        "xxx...",
        "xxxxx.",
        "xxxxx.",
        "...xx.",
      ]
    `);
    expect(rowsOf(compileByName('block-sparse', { seed: 3, block: 1, share: 0.5 }))).toMatchInlineSnapshot(`
      [
        "x..x",
        ".x.x",
        ".x.x",
        ".x.x",
      ]
    `);
  });

  it.each<[unknown, string]>([
    [named('casual'), `case: at $.mask.name: found "casual", which names no mask; nearest of ${maskDocuments.length}: "causal", `],
    [{ and: [named('full'), named('causl')] }, 'case: at $.mask.and[1].name: found "causl"'],
    [
      { not: { or: [window(1, 0), { heads: [window('x', 0)] }] } },
      'case: at $.mask.not.or[1].heads[0].parameters.left: found "x", must be an integer',
    ],
    [window(1.5, 0), '$.mask.parameters.left: found 1.5, must be an integer'],
    [window(-2, 0), '$.mask.parameters.left: found -2, must be at least -1'],
    [named('sliding-window', { left: 1 }), '$.mask.parameters.right: mask "sliding-window" needs this parameter: an integer'],
    [
      named('sliding-window', { left: 1, rihgt: 1 }),
      '$.mask.parameters.rihgt: mask "sliding-window" has no such parameter; allowed: "right", "left"',
    ],
    [named('causal', { left: 1 }), '$.mask.parameters.left: mask "causal" has no such parameter; there are none here'],
    [named('document', { lengths: [1, 2] }), '$.mask.parameters.lengths: found lengths that add up to 3, must add up to n = 4'],
    [named('document', { lengths: [5, -1] }), '$.mask.parameters.lengths: found [5,-1], must be a list of document lengths'],
    [named('document', { lengths: 4 }), '$.mask.parameters.lengths: found 4, must be a list'],
    [
      named('block-causal-document', { lengths: [1, 3], block: 3 }),
      '$.mask.parameters.lengths: found a length of 1, must be multiples of "block" = 3',
    ],
    [named('padding', { lengths: [1, 2], side: 'left' }), '$.mask.parameters.lengths: found 2 lengths, must be one per batch entry: 1'],
    [named('padding', { lengths: [5], side: 'left' }), '$.mask.parameters.lengths: found a length of 5, must be at most n = 4'],
    [named('padding', { lengths: [4], side: 'top' }), '$.mask.parameters.side: found "top", must be one of "left", "right"'],
    [named('block-sparse', { block: 0, seed: 1, share: 1 }), '$.mask.parameters.block: found 0, must be at least 1'],
    [named('block-sparse', { block: 1, seed: -1, share: 1 }), '$.mask.parameters.seed: found -1, must be an integer from 0 to 4294967295'],
    [named('block-sparse', { block: 1, seed: 1, share: 1.5 }), '$.mask.parameters.share: found 1.5, must be a number from 0 to 1'],
  ])('refuses %j', (mask, message) => {
    expect(() => compileMask(library, mask as Mask, problemOf())).toThrow(DocumentError);
    expect(() => compileMask(library, mask as Mask, problemOf())).toThrow(message);
  });

  it('refuses m ≠ n where the mask needs m = n, and tables too large to make', () => {
    expect(() => compileByName('document', { lengths: [4] }, { m: 3 })).toThrow(
      'case: at $.mask: mask "document" needs m = n, found m = 3, n = 4',
    );
    const many = { b: 1, heads: 1, m: 2 ** 20, n: 2 ** 20 };
    expect(() => compileByName('block-sparse', { block: 1, seed: 0, share: 1 }, many)).toThrow(
      '$.mask.parameters: 1048576 × 1048576 blocks are more than',
    );
  });

  it('says where, in the words of the caller', () => {
    expect(() => compileMask(library, named('x'), problemOf(), 'failure.json', '$.case.block.of')).toThrow(
      'failure.json: at $.case.block.of.name: ',
    );
  });

  it('takes or refuses whatever parameters, with nothing but a DocumentError', () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 9 }),
      fc.double(),
      fc.constantFrom('left', 'right', '', 'b'),
      fc.array(fc.integer({ min: -1, max: 8 }), { maxLength: 4 }),
    );
    const name = fc.constantFrom(...maskDocuments.map((m) => m.name), 'unknown', '__proto__', 'constructor');
    const key = fc.constantFrom(
      'lengths',
      'prefix',
      'left',
      'right',
      'window',
      'block',
      'seed',
      'share',
      'mean',
      'min',
      'side',
      'width',
      'cell',
      'chunk',
      'halo',
      'frame',
      'every',
      'toString',
    );
    const one = fc.record({ name, parameters: fc.dictionary(key, value, { maxKeys: 4 }) }, { requiredKeys: ['name'] });
    let compiled = 0;
    fc.assert(
      fc.property(one, fc.nat(8), fc.nat(8), fc.boolean(), (mask, m, n, negated) => {
        try {
          compileMask(library, negated ? { not: mask } : mask, problemOf({ m, n })).area();
          compiled++;
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentError);
        }
      }),
      { numRuns: 2000 },
    );
    expect(compiled).toBeGreaterThan(50);
  });

  it('refuses a mask of ours once one of its parameters is spoilt', () => {
    fc.assert(
      fc.property(
        masks,
        fc.nat(9),
        fc.constantFrom<unknown>(undefined, null, NaN, 'x', [NaN], true, {}, 0.5, -7),
        (drawn, which, wrong) => {
          const mask = structuredClone(drawn.mask);
          const parameters = leavesOf(mask).filter((leaf) => leaf.parameters);
          fc.pre(parameters.length > 0);
          const { name, parameters: given } = parameters[which % parameters.length];
          const spoilt = given as Record<string, unknown>;
          const keys = Object.keys(spoilt).filter((k) => library.masks.get(name)?.parameters?.[k].type !== 'share' || wrong !== 0.5);
          fc.pre(keys.length > 0);
          spoilt[keys[which % keys.length]] = wrong;
          expect(() => compileMask(library, mask, drawn.problem)).toThrow(DocumentError);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function leavesOf(mask: Mask): Extract<Mask, { name: string }>[] {
  if ('name' in mask) return [mask];
  if ('not' in mask) return leavesOf(mask.not);
  return ('and' in mask ? mask.and : 'or' in mask ? mask.or : mask.heads).flatMap(leavesOf);
}
