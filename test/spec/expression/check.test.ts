import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExpression, deepestNesting } from '../../../spec/expression/check.js';
import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import { operations } from '../../../spec/expression/operations.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { Expression } from '../../../spec/types/documents.js';

const names = {
  values: ['i', 'j', 'offset', 'left'],
  tables: new Map([
    ['document', 1],
    ['blocks', 2],
  ]),
};
const check = (e: unknown) => checkExpression(e as Expression, names, 'doc', '$.visible');

function faultOf(e: unknown): string {
  try {
    check(e);
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    return (error as DocumentError).message;
  }
  return 'no fault';
}

describe('checkExpression', () => {
  it.each<[unknown, string]>([
    ['ofset', 'doc: at $.visible: found "ofset", which names no value; nearest of 4: "offset"'],
    [['<=', 'j', ['+', 'i', 'of']], 'doc: at $.visible[2][2]: found "of", which names no value'],
    [['flor', 1], `doc: at $.visible[0]: found "flor", which names no operation; nearest of ${operations.size + 1}: "floor"`],
    [[['+', 1, 2], 1], 'doc: at $.visible[0]: found ["+",1,2], which names no operation'],
    [['at', 'documents', 'i'], 'doc: at $.visible[1]: found "documents", which names no table; allowed: "document", "blocks"'],
    [['at', 'blocks', 'i'], 'doc: at $.visible: table "blocks" takes 2 operands, found 1'],
    [['at', 'document'], 'doc: at $.visible: table "document" takes 1 operand, found 0'],
    [['<', 1, 2, 3], 'doc: at $.visible: "<" takes 2 operands, found 3'],
    [['+', 1], 'doc: at $.visible: "+" takes 2 or more operands, found 1'],
    [['floor', 1, 2], 'doc: at $.visible: "floor" takes 1 operand, found 2'],
    [['+', 1, ['<', 1, 2]], 'doc: at $.visible[2]: found ["<",1,2], a boolean, must be a number'],
    [['and', ['<', 1, 2], 'i'], 'doc: at $.visible[2]: found "i", a number, must be a boolean'],
    [Infinity, 'doc: at $.visible: found Infinity, must be a finite number'],
    [{}, 'doc: at $.visible: found {}, must be a number, a name'],
    [null, 'doc: at $.visible: found null'],
    [[], 'doc: at $.visible[0]: found undefined, which names no operation'],
  ])('%j', (expression, message) => {
    expect(faultOf(expression)).toContain(message);
  });

  it('tells the type, and holds to the one that is asked for', () => {
    expect(check(['+', 'i', ['at', 'document', 'j']])).toBe('number');
    expect(check(['not', ['=', 'i', 'j']])).toBe('boolean');
    expect(() => checkExpression(['+', 'i', 1], names, 'doc', '$.visible', 'boolean')).toThrow('a number, must be a boolean');
  });

  it('takes table names without ranks', () => {
    const loose = { values: ['i'], tables: ['t'] };
    expect(checkExpression(['at', 't', 'i', 'i'], loose, 'doc', '$')).toBe('number');
    expect(() => checkExpression(['at', 't'], loose, 'doc', '$')).toThrow('takes 1 or more operands');
  });

  it('refuses what nests too deep, however deep', () => {
    const nested = (depth: number) => Array.from({ length: depth - 1 }).reduce<Expression>((e) => ['floor', e], 'i');
    expect(check(nested(deepestNesting))).toBe('number');
    expect(faultOf(nested(deepestNesting + 1))).toContain(`nest at most ${deepestNesting} deep`);
    expect(faultOf(nested(5_000))).toContain('nest at most');
  });

  it('either passes an expression, which then evaluates, or throws a DocumentError', () => {
    const leaf = fc.oneof(
      fc.integer({ min: -9, max: 9 }),
      fc.constantFrom('i', 'j', 'nope', 'at', ''),
      fc.constantFrom<unknown>(null, true, {}, [], NaN),
    );
    const operation = fc.constantFrom<unknown>(
      '+',
      '-',
      '*',
      '/',
      '<',
      '<=',
      '=',
      'and',
      'or',
      'not',
      'min',
      'floor',
      'sqrt',
      'mod',
      'log2',
      'at',
      '__proto__',
      'constructor',
      7,
    );
    const { expression } = fc.letrec<{ expression: unknown }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.tuple(operation, fc.array(tie('expression'), { maxLength: 3 })).map(([o, xs]) => [o, ...xs]),
      ),
    }));
    let passed = 0;
    fc.assert(
      fc.property(expression, (e) => {
        try {
          checkExpression(e as Expression, { values: ['i', 'j'], tables: [] }, 'doc', '$');
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentError);
          return;
        }
        passed++;
        expect(typeof evaluateExpression(e as Expression, () => 3)).toBe('number');
      }),
      { numRuns: 2000 },
    );
    expect(passed).toBeGreaterThan(100);
  });
});
