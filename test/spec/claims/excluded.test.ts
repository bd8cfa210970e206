import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { excludedBy } from '../../../spec/claims/excluded.js';
import { createLibrary } from '../../../spec/library.js';
import type { Capabilities, Case, Exclude } from '../../../spec/types/documents.js';

const library = createLibrary();

const claims = (excludes: Exclude[]) =>
  Claims.of(
    library,
    resolveCapabilities({ dtypes: ['f32'], operators: ['softmax'], masks: ['causal', 'sliding-window'], excludes }, 'test'),
  );

const drawn = (excludes: Exclude[], mask: string, seed: number) =>
  drawCase(caseArbitrary(claims(excludes), { operator: 'softmax', mask, dtype: 'f32', needs: {} }), seed).value;

describe('a condition in excludes', () => {
  test.prop([fc.integer({ min: 0, max: 9999 })])('leaves out the sizes that it names, for the mask that it names', (seed) => {
    const longer: Exclude = { mask: { name: 'causal' }, where: ['<', 'n', 'm'] };
    const { dims } = drawn([longer], 'causal', seed);
    expect(dims.m).toBeLessThanOrEqual(dims.n);
  });

  test.prop([fc.integer({ min: 0, max: 9999 })])('leaves out parameters of a mask', (seed) => {
    const { mask } = drawn([{ where: ['or', ['<', 'left', 1], ['not', ['=', 'right', 0]]] }], 'sliding-window', seed);
    expect(mask).toMatchObject({ name: 'sliding-window', parameters: { right: 0 } });
    expect((mask as unknown as { parameters: { left: number } }).parameters.left).toBeGreaterThan(0);
  });

  it('holds only where each name has a number', () => {
    const excludes: Capabilities['excludes'] = [{ where: ['not', ['=', 'right', 0]] }];
    const of = (c: Partial<Case>) => excludedBy({ excludes }, c as Case, false);
    expect(of({ mask: { name: 'sliding-window', parameters: { left: 1, right: 2 } } })).toBe(excludes[0]);
    expect(of({ mask: { name: 'sliding-window', parameters: { left: 1, right: 0 } } })).toBeUndefined();
    expect(of({ mask: { name: 'causal' } })).toBeUndefined();
    expect(of({})).toBeUndefined();
  });

  it('is refused with the nearest name, and where it is no condition', () => {
    expect(() => claims([{ where: ['<', 'lefft', 1] }])).toThrow(/\$\.excludes\[0\]\.where\[1\].*"lefft".*"left"/);
    expect(() => claims([{ mask: { name: 'causal' }, where: ['<', 'left', 1] }])).toThrow(/"left", which names no value/);
    expect(() => claims([{ where: ['+', 'm', 'n'] }])).toThrow(/must be a boolean/);
  });
});
