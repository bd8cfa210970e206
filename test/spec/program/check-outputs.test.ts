import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import { checkOperator } from '../../../spec/program/check.js';
import { checkOutputs } from '../../../spec/program/check-outputs.js';
import { decidesEmptyRows } from '../../../spec/program/empty-rows.js';
import type { Operator } from '../../../spec/types/documents.js';
import { operatorWith, plainInputs, scores } from './fixtures.js';

/** With the mask full alone, where a test says nothing else. */
const operator = (program: unknown[], more: object = {}) => operatorWith(program, { masks: ['full'], ...more });
const load = (value: Operator) => createLibrary([{ kind: 'operator', document: 'specs/operators/mine.json', value }]);

describe('an operator of one’s own at the door', () => {
  it('has its document, the place and the mend named where a contraction was forgotten, or one was too many', () => {
    expect(() => load(operator([scores, ['o', ['mul', 's', 'v']]]))).toThrow(
      'specs/operators/mine.json: at $.program[1][1]: o has the axis n; it must be [b, hk, g, m, e]: contract n',
    );
    expect(() => load(operator([scores, ['o', ['sum', ['dot', 's', 'v', 'n'], 'e']]]))).toThrow(
      /o lacks the axis e; it must be \[b, hk, g, m, e\]/,
    );
    const lse = [scores, ['o', ['dot', 's', 'v', 'n']], ['lse', ['exp', 's']]];
    expect(() => load(operatorWith(lse, { masks: ['full'] }, ['o', 'lse']))).toThrow(/\$\.program\[2\]\[1\]: lse has the axis n/);
    expect(() => load(operatorWith([scores, ['out', ['dot', 's', 'v', 'n']]], { masks: ['full'] }, ['out']))).toThrow(
      /\$\.outputs: "o" is missing/,
    );
    for (const ours of operatorDocuments) checkOutputs(ours);
  });

  it('may select by the mask, and ask for it, with a mask and without one', () => {
    load(operator([scores, ['o', ['dot', ['where', 'mask', 's', 0], 'v', 'n']]], { masks: 'any' }));
    load(operator([scores, ['o', ['dot', ['when', 'mask', ['where', 'mask', 's', 0], 's'], 'v', 'n']]], { masks: 'any' }));
    // what is right only without a mask
    const faulty = operator(
      [scores, ['o', ['dot', ['when', 'mask', ['softmax', 's', 'n', { where: 'mask' }], ['exp', 's', 's']], 'v', 'n']]],
      {
        masks: 'any',
      },
    );
    expect(() => load(faulty)).toThrow(/\$\.program\[1\]\[1\]\[1\]\[3\]/);
  });

  it('uses the mask that it takes, has queries beside its keys for it, and lists masks that there are', () => {
    const linear = [scores, ['o', ['dot', 's', 'v', 'n']]];
    expect(() => load(operator(linear, { masks: 'any' }))).toThrow(/\$\.masks: found "any", but the program does not use the mask/);
    expect(() => load(operator(linear, { masks: ['causl'] }))).toThrow(/\$\.masks\[0\]: found "causl".*"causal"/);
    const shared = { ...plainInputs, q: ['b', 'hk', 'g', 'n', 'd'] };
    const masked = [scores, ['o', ['mul', ['where', 'mask', 's', 0], 'v']]];
    expect(() => load(operator(masked, { inputs: shared }))).toThrow(/\$\.program\[1\]\[1\]: uses the mask, which has the axes m and n/);
  });

  it('has option values with which its program can be built', () => {
    const chosen = ['c', ['topk', 's', 'n', '$top', '$block']];
    const program = [scores, chosen, ['o', ['dot', ['where', 'c', 's', 0], 'v', 'n']]];
    const options = (block: object) => ({ options: { top: { default: 1 }, block } });
    checkOperator(operator(program, options({ default: 2, values: [2, 3] })));
    expect(() => load(operator(program, options({ default: 2, values: [2, 0] })))).toThrow(
      /\$\.options\.block\.values\[1\]: found 0, with which \$\.program\[1\]\[1\] fails: found blocks of 0/,
    );
    expect(() => load(operator(program, options({ default: 2, values: [1.5] })))).toThrow(/\$\.options\.block\.values\[0\]: found 1\.5/);
  });

  it('says into which axis an index points, and draws only places of it', () => {
    const gathered = [scores, ['x', ['gather', ['sum', 's', 'm'], 'n', 'at']], ['o', ['mul', 'x', ['sum', 'v', 'n']]]];
    const withIndex = (at: object) => operator(gathered, { inputs: { ...plainInputs, at: { axes: ['b', 'm'], ...at } } });
    load(withIndex({ kind: 'index', of: 'n' }));
    load(withIndex({ kind: 'index', of: 'n', draw: 'padded' }));
    load(withIndex({ kind: 'index', of: 'm', draw: 'tree' }));
    expect(() => load(withIndex({ kind: 'index' }))).toThrow(
      /\$\.inputs\.at: is an index; name the axis that it points into, such as "of": "n"/,
    );
    expect(() => load(withIndex({ kind: 'index', of: 'mm' }))).toThrow(
      /\$\.inputs\.at\.of: found "mm", which is not an axis; nearest.*"m"/,
    );
    expect(() => load(withIndex({ kind: 'index', of: 'n', draw: 'unit' }))).toThrow(
      /\$\.inputs\.at\.draw: found "unit".*allowed for an index: padded/,
    );
    expect(() => load(withIndex({ kind: 'index', of: 'n', draw: 'tree' }))).toThrow(/\.of: found "n", must be the last axis of at, "m"/);
    expect(() => load(withIndex({ of: 'n' }))).toThrow(/\$\.inputs\.at\.of: found "n", which only an index may have/);
    expect(() => load(withIndex({ draw: 'tree' }))).toThrow(/\$\.inputs\.at\.draw: found "tree".*give the input the kind "index"/);
  });

  it('says what a row without keys is where its formula says 0/0', () => {
    const program = [scores, ['w', ['where', 'mask', ['exp', 's'], 0]], ['o', ['div', ['dot', 'w', 'v', 'n'], ['sum', 'w', 'n']]]];
    expect(decidesEmptyRows(operator(program))).toBe(false);
    expect(decidesEmptyRows(operator(program, { emptyRow: 'nan' }))).toBe(true);
    // of one number there is no spread, and no row is without keys where no mask has a part
    const spread = ['sqrt', ['sub', ['sum', ['mul', 's', 's'], 'n'], ['sum', ['mul', 's', 's'], 'n']]];
    expect(decidesEmptyRows(operator([scores, ['o', ['dot', ['div', 's', spread], 'v', 'n']]]))).toBe(true);
    expect(decidesEmptyRows(operator([scores, ['o', ['dot', ['where', 'mask', 's', 0], 'v', 'n']]]))).toBe(true);
    for (const ours of operatorDocuments) expect(decidesEmptyRows(ours)).toBe(true);
    const twice = { ...plainOperator, name: 'mine', emptyRow: 'zero' } as Operator;
    expect(() => load(twice)).toThrow(/\$\.emptyRow: must be absent: the program names \$emptyOutput/);
  });
});
