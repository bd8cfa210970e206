import { describe, expect, test } from 'vitest';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { operations } from '../../../spec/expression/operations.js';
import { printExpression } from '../../../spec/expression/print.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import { maskDialect } from '../../../spec/mask/mask-dialect.js';
import type { Expression } from '../../../spec/types/documents.js';
import { capable, library, request } from '../capable.js';

/** Every condition in a predicate, itself among them. */
function conditionsOf(expression: Expression): Expression[] {
  if (!Array.isArray(expression)) return [];
  const [name, ...operands] = expression;
  const own = operations.get(name as string)?.result === 'boolean' ? [expression] : [];
  return [...own, ...operands.flatMap(conditionsOf)];
}

const parametric = [...library.masks.values()].filter(({ parameters, optIn }) => parameters && !optIn);

describe.each(parametric.map((spec) => [spec.name, spec] as const))('cases of %s', (mask, spec) => {
  test('have every condition of its predicate both ways, among few', () => {
    const arbitrary = caseArbitrary(Claims.of(library, capable()), request({ mask }));
    const cases = Array.from({ length: 60 }, (_, i) => drawCase(arbitrary, caseSeed(5, i, 0)).value);
    const conditions = [...new Map(conditionsOf(spec.visible).map((c) => [JSON.stringify(c), c])).values()];
    const oneSided = conditions.filter((visible) => {
      const partial = { ...library, masks: new Map([[mask, { ...spec, visible }]]) };
      let [holds, fails] = [false, false];
      for (const c of cases) {
        const { b, hk, g, m, n } = c.dims;
        const area = compileMask(partial, c.mask, { b, heads: hk * g, m, n, ...maskDialect(c) }).area();
        holds ||= area > 0;
        fails ||= area < b * hk * g * m * n;
      }
      return !(holds && fails);
    });
    expect(oneSided.map(printExpression)).toEqual([]);
  });
});
