import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { checkNamedInputs, fixedOptions } from '../../../spec/claims/fixed.js';
import { createLibrary } from '../../../spec/library.js';
import type { Capabilities, Case, Operator } from '../../../spec/types/documents.js';

const library = createLibrary();

const claims = (capabilities: Partial<Capabilities>) =>
  Claims.of(library, resolveCapabilities({ dtypes: ['f32'], operators: ['softmax'], ...capabilities }, 'test'));

/** The slopes of a case with so many heads. */
function slopes(fixed: Capabilities['fixed'], heads: number): number[] {
  const c: Case = {
    operator: 'softmax',
    dims: { b: 1, hk: heads, g: 1, m: 1, n: 1, d: 1, e: 1 },
    mask: { name: 'full' },
    options: { alibi: true },
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 1 },
  };
  return [...problemOf(claims({ fixed }), c).inputs.alibi.data];
}

describe('values that an implementation fixes', () => {
  it('are the slopes of ALiBi by its published rule', () => {
    expect(slopes({ alibi: true }, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((place) => 2 ** -place));
    // six heads: those of four, then every other one of eight
    const six = [2 ** -2, 2 ** -4, 2 ** -6, 2 ** -8, 2 ** -1, 2 ** -3];
    slopes({ alibi: true }, 6).forEach((slope, h) => {
      expect(slope).toBeCloseTo(six[h], 12);
    });
  });

  it('may be an expression over indices and sizes', () => {
    expect(slopes({ alibi: ['/', ['+', 'h', 1], '#h'] }, 4)).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it('of a part of the keys are those of the keys', () => {
    const { inputs } = problemOf(claims({ fixed: { bias: ['*', 2, 'n'] } }), {
      operator: 'softmax',
      dims: { b: 1, hk: 1, g: 1, m: 2, n: 3, d: 1, e: 1 },
      mask: { name: 'full' },
      options: { bias: true },
      dtype: 'f32',
      layout: 'bhld',
      values: { distribution: 'normal', seed: 1 },
      block: { queries: [0, 2], keys: [2, 5], of: { name: 'full' }, whole: [2, 6] },
    });
    expect(inputs.bias.shape.at(-1)).toBe(3);
    expect([...inputs.bias.data.slice(0, 3)]).toEqual([4, 6, 8]);
  });

  it('are refused where they lie outside what the input may be', () => {
    const checked = (operators: string[], fixed: Capabilities['fixed']) => () =>
      checkNamedInputs(library, resolveCapabilities({ dtypes: ['f32'], operators, fixed }, 'test'), 'mine.json');
    expect(checked(['retention'], { decay: 0.5 })).toThrow(/mine\.json.*\$\.fixed\.decay.*gives 0\.5, must be 0 or less/);
    expect(checked(['fp8-cache'], { keyScale: ['-', 'hk', 1] })).toThrow(/\$\.fixed\.keyScale.*gives -1, must be more than 0/);
  });

  it('are in every case', () => {
    const { capabilities, operator } = claims({ fixed: { alibi: true, softcap: 30 } });
    expect(capabilities.options).toEqual(['alibi', 'softcap']);
    const softmax = library.operators.get('softmax') as Operator;
    expect(fixedOptions(capabilities, softmax)).toEqual({ alibi: true, softcap: 30 });
    expect(operator).toBeDefined();
  });

  it.each<[Partial<Capabilities>, RegExp]>([
    [{ fixed: { albi: true } }, /\$\.fixed\.albi: softmax has no "albi"; nearest of 8: "alibi"/],
    [{ fixed: { bias: true } }, /\$\.fixed\.bias: the document of softmax has no standard value of bias; give an expression/],
    [{ fixed: { softcap: true } }, /has no standard value of softcap; give a number/],
    [{ fixed: { softcap: ['+', 1, 2] } }, /\$\.fixed\.softcap: found \["\+",1,2\], must be a number/],
    [{ fixed: { alibi: ['+', 'j', 2] } }, /\$\.fixed\.alibi\[1\]: found "j", which names no value/],
    [{ stored: { kk: 'f16' } }, /\$\.stored\.kk: softmax has no "kk"/],
  ])('%j is refused', (capabilities, message) => {
    expect(() => claims(capabilities)).toThrow(message);
  });
});
