import fc from 'fast-check';
import type { Expression } from '../../../spec/types/documents.js';

/** Well-formed expressions over the given values and tables of one index. */
export function expressions(
  values: readonly string[],
  tables: readonly string[] = [],
): { number: fc.Arbitrary<Expression>; boolean: fc.Arbitrary<Expression> } {
  return fc.letrec<{ number: Expression; boolean: Expression }>((tie) => {
    const number = tie('number');
    const boolean = tie('boolean');
    const lookups =
      tables.length === 0
        ? []
        : [
            fc.tuple(
              fc.constant('at'),
              fc.constantFrom(...tables),
              fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: number }),
            ),
          ];
    return {
      number: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 4, arbitrary: fc.constantFrom(...values) },
        { weight: 2, arbitrary: fc.integer({ min: -4, max: 12 }) },
        ...lookups.map((arbitrary) => ({ weight: 3, arbitrary })),
        { weight: 3, arbitrary: fc.tuple(fc.constantFrom('+', '-', '*', '/', 'min', 'max'), number, number) },
        { weight: 1, arbitrary: fc.tuple(fc.constantFrom('+', 'min', '*'), number, number, number) },
        { weight: 1, arbitrary: fc.tuple(fc.constantFrom('mod', 'pow'), number, number) },
        { weight: 1, arbitrary: fc.tuple(fc.constantFrom('floor', 'sqrt', 'abs', 'log2'), number) },
      ),
      boolean: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 5, arbitrary: fc.tuple(fc.constantFrom('<', '<=', '>', '>=', '='), number, number) },
        { weight: 2, arbitrary: fc.tuple(fc.constantFrom('and', 'or'), boolean, boolean) },
        { weight: 1, arbitrary: fc.tuple(fc.constantFrom('and', 'or'), boolean, boolean, boolean) },
        { weight: 1, arbitrary: fc.tuple(fc.constant('not'), boolean) },
      ),
    };
  }) as { number: fc.Arbitrary<Expression>; boolean: fc.Arbitrary<Expression> };
}
