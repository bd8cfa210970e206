import { describe, expect, it } from 'vitest';
import { floorsOf } from '../../../generators/dims/floors.js';
import { drawCase } from '../../../generators/lib/seeds.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { blocksOf, usedAxes } from '../../../spec/operator/axes.js';
import type { Capabilities, Case, Operator } from '../../../spec/types/documents.js';
import { library } from '../capable.js';

const needs = { passes: 1, floors: true };
const operators = [...library.operators.values()];

function claimsOf({ name, options, optional, outputs }: Operator, changes: Partial<Capabilities> = {}): Claims {
  const claimed = {
    operators: [name],
    dtypes: ['f32' as const],
    masks: ['full', 'causal', 'sliding-window'],
    options: [...Object.keys(options ?? {}), ...Object.keys(optional ?? {})],
    outputs: Object.keys(outputs),
    ...changes,
  };
  return Claims.of(library, resolveCapabilities(claimed, 'the test'));
}

const requestOf = (operator: Operator) => ({ operator: operator.name, mask: 'any', dtype: 'f32' as const, needs });
const operatorNamed = (name: string) => library.operators.get(name) as Operator;

function casesOf(operator: Operator, changes: Partial<Capabilities> = {}, seed = 0): Case[] {
  const arbitrary = caseArbitrary(claimsOf(operator, changes), requestOf(operator));
  return arbitrary.atFloors().map((floor, i) => drawCase(floor, seed + i).value);
}

describe('the floors of a check', () => {
  it.each(operators.map((operator) => [operator.name, operator] as const))('of %s surround every size of its blocks', (_, operator) => {
    const floors = floorsOf(operator, claimsOf(operator).capabilities, requestOf(operator));
    const surround = (axis: string, size: number) => {
      const own = floors.filter((floor) => floor.axis === axis);
      for (const exact of [size - 1, size, size + 1, 2 * size + 1])
        expect(own.some(({ least, most }) => least === exact && most === exact)).toBe(true);
      expect(own.some(({ least, most }) => least > 2 * size && most === 5 * size)).toBe(true);
    };
    const blocks = blocksOf(operator).filter(({ size }) => typeof size === 'number' && size > 6);
    for (const { axis, size } of blocks) surround(axis, size as number);
    const tokens = ['n', 'm'].find((axis) => usedAxes(operator).has(axis));
    if (tokens === undefined) return;
    if (blocksOf(operator).every(({ axis }) => axis !== tokens)) for (const size of [64, 128]) surround(tokens, size);
    for (const length of [2000, 4000]) expect(floors.some(({ axis, least }) => axis === tokens && least > length)).toBe(true);
  });

  it('are what is drawn, whatever the class of speed', () => {
    for (const name of ['softmax', 'mla', 'fp8-cache', 'retention']) {
      const floors = floorsOf(operatorNamed(name), claimsOf(operatorNamed(name)).capabilities, requestOf(operatorNamed(name)));
      for (const [i, { dims }] of casesOf(operatorNamed(name)).entries()) {
        const { axis, least, most } = floors[i];
        // a size that costs too much is cut, and stays long
        expect(dims[axis as 'n']).toBeGreaterThanOrEqual(least > 4000 ? 2000 : least);
        expect(dims[axis as 'n']).toBeLessThanOrEqual(most);
      }
    }
  });

  it.each(['gated-delta', 'kda', 'rwkv-7', 'gla', 'mamba-2'])('of %s have a third chunk, and a long sequence', (name) => {
    const tokens = casesOf(operatorNamed(name)).map(({ dims }) => dims.n);
    expect(tokens.filter((n) => n > 2 * 64).length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...tokens)).toBeGreaterThan(1000);
  });

  it.each([
    ['mla-fp8', 'latentScale'],
    ['nvfp4-cache', 'keyScale'],
    ['mxfp8-cache', 'keyScale'],
    ['q4-0-cache', 'keyScale'],
  ])('of %s have three blocks or more, with scales of their own', (name, input) => {
    const operator = operatorNamed(name);
    const claims = claimsOf(operator);
    const distinct = casesOf(operator).map((c) => {
      const { data, shape } = tensorsOf(claims, c, 'forward')[input];
      const blocks = shape.at(-1) as number;
      return blocks < 3 ? 0 : new Set(Array.from(data.subarray(0, blocks), Number)).size;
    });
    expect(Math.max(...distinct)).toBeGreaterThanOrEqual(3);
  });

  it('are within the limits of the implementation', () => {
    for (const { dims } of casesOf(operatorNamed('softmax'), { limits: { n: { max: 100 }, m: { max: 8 } } })) {
      expect(dims.n).toBeLessThanOrEqual(100);
      expect(dims.m).toBeLessThanOrEqual(8);
    }
    const sizes = casesOf(operatorNamed('softmax'), { limits: { n: [64, 256] } }).map(({ dims }) => dims.n);
    expect(new Set(sizes)).toEqual(new Set([64, 256]));
  });

  it('have wide windows too', () => {
    const windows = Array.from({ length: 8 }, (_, seed) =>
      casesOf(operatorNamed('softmax'), { masks: ['sliding-window'] }, 20 * seed),
    ).flat();
    const wide = windows.filter(({ mask }) => 'parameters' in mask && Number(mask.parameters?.left) > 130);
    expect(wide.length).toBeGreaterThan(0);
  });
});
