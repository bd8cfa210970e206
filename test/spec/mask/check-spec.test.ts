import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../spec/lib/documents.js';
import { checkMaskSpec } from '../../../spec/mask/check-spec.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { MaskSpec } from '../../../spec/types/documents.js';
import { draw, libraryOf, problemOf, rowsOf } from './library.js';

function spec(more: Partial<MaskSpec>): MaskSpec {
  return { name: 'mine', version: '1.0.0', title: 'Mine', visible: ['<', 'j', 'n'], ...more };
}

describe('checkMaskSpec', () => {
  it.each<[Partial<MaskSpec>, string]>([
    [{ visible: ['<', 'j', 'm', 'n'] }, 'mask "mine": at $.visible: "<" takes 2 operands, found 3'],
    [{ visible: ['+', 'i', 'j'] }, '$.visible: found ["+","i","j"], a number, must be a boolean'],
    [
      { visible: ['<', 'j', 'widht'], parameters: { width: { type: 'integer' } } },
      '$.visible[2]: found "widht", which names no value; nearest of 10: "width"',
    ],
    [
      {
        visible: ['<', ['at', 'lenghts', 'b'], 'j'],
        parameters: { lengths: { type: 'batch-lengths' } },
        tables: { lengths: { rule: 'lengths' } },
      },
      '$.visible[1][1]: found "lenghts", which names no table; allowed: "lengths"',
    ],
    [
      { visible: ['<', 'lengths', 'j'], parameters: { lengths: { type: 'batch-lengths' } } },
      '$.visible[1]: found "lengths", which names no value',
    ],
    [{ parameters: { j: { type: 'integer' } } }, '$.parameters.j: the name "j" is taken'],
    [{ parameters: { side: { type: 'choice', choices: ['up', 'n'] } } }, '$.parameters.side.choices[1]: the name "n" is taken'],
    [{ parameters: { side: { type: 'choice' } } }, '$.parameters.side: must have "choices" if its type is "choice", and only then'],
    [
      { parameters: { w: { type: 'integer', choices: ['x'] } } },
      '$.parameters.w: must have "choices" if its type is "choice", and only then',
    ],
    [{ parameters: { w: { type: 'integer', minimum: ['+', 'k', 1] } } }, '$.parameters.w.minimum[1]: found "k", which names no value'],
    [
      { parameters: { w: { type: 'integer', maximum: ['<', 'n', 1] } } },
      '$.parameters.w.maximum: found ["<","n",1], a boolean, must be a number',
    ],
    [{ parameters: { w: { type: 'share', example: 1 } } }, '$.parameters.w: must have no "example": only integer parameters have one'],
    [{ parameters: { w: { type: 'integer', example: 'm' } } }, '$.parameters.w.example: found "m", which names no value'],
    [
      { parameters: { l: { type: 'lengths', multipleOf: 'block' } } },
      '$.parameters.l.multipleOf: found "block", must be the name of an integer parameter',
    ],
    [
      { tables: { document: { rule: 'document' } }, parameters: { lengths: { type: 'lengths' } } },
      '$.tables.document: this rule needs "square": true',
    ],
    [{ tables: { t: { rule: 'document' } }, square: true }, '$.tables.t: this rule needs the parameters "lengths" (lengths)'],
    [
      { tables: { t: { rule: 'blocks' } }, square: true, parameters: { seed: { type: 'seed' } } },
      '"block" (integer), "seed" (seed), "share" (share); or "seed" (seed), "mean" (integer)',
    ],
  ])('refuses %j', (more, message) => {
    expect(() => checkMaskSpec(spec(more))).toThrow(DocumentError);
    expect(() => checkMaskSpec(spec(more))).toThrow(message);
  });

  it('lets one bring a mask of one’s own, with choices by name', () => {
    const dilated = spec({
      parameters: { step: { type: 'integer', minimum: 1 }, direction: { type: 'choice', choices: ['back', 'both'] } },
      visible: [
        'and',
        ['=', ['-', ['/', ['-', 'i', 'j'], 'step'], ['floor', ['/', ['-', 'i', 'j'], 'step']]], 0],
        ['or', ['=', 'direction', 'both'], ['<=', 'j', 'i']],
      ],
    });
    const rows = (direction: string) =>
      rowsOf(compileMask(libraryOf(dilated), { name: 'mine', parameters: { step: 2, direction } }, problemOf()));
    expect(rows('back')).toEqual(['x...', '.x..', 'x.x.', '.x.x']);
    expect(rows('both')).toEqual(['x.x.', '.x.x', 'x.x.', '.x.x']);
  });

  it('refuses a mask whose document is wrong when it is used', () => {
    const wrong = libraryOf(spec({ visible: ['<', 'j', 'k'] }));
    expect(() => compileMask(wrong, { name: 'mine' }, problemOf())).toThrow('mask "mine": at $.visible[2]');
    expect(draw({ name: 'full' })).toEqual(['xxxx', 'xxxx', 'xxxx', 'xxxx']);
  });
});
