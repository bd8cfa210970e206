import { expect, it } from 'vitest';
import { balanceOf } from '../../../spec/scheme/balance.js';
import { worldOf } from '../../../spec/scheme/world.js';
import { dims, schemeNamed } from './support.js';

const causal = { name: 'causal' };

it('is the value of the expression for the mask', () => {
  // two ranks of two tokens see 3 and 7 cells, 5 on average
  const world = worldOf(schemeNamed('ring'), dims({ m: 4, n: 4 }), 2);
  expect(balanceOf(world, causal)).toEqual({ value: 7 / 5, most: false });
  expect(balanceOf(world, { name: 'full' })).toEqual({ value: 1, most: false });
});

it('may be a bound', () => {
  // chunks of one token, three on each of two ranks: 11 and 10 cells at worst
  const world = worldOf(schemeNamed('magi'), dims({ m: 6, n: 6 }), 2);
  const declared = balanceOf(world, causal);
  expect(declared?.most).toBe(true);
  expect(declared?.value).toBeCloseTo(11 / 10.5, 12);
});

it('is nothing for a mask that is not declared, a composed one, or where there is padding', () => {
  const world = worldOf(schemeNamed('ring'), dims({ m: 4, n: 4 }), 2);
  expect(balanceOf(world, { name: 'sliding-window', parameters: { left: 1, right: 0 } })).toBeUndefined();
  expect(balanceOf(world, { and: [causal] })).toBeUndefined();
  expect(balanceOf(worldOf(schemeNamed('ring'), dims({ m: 5, n: 5 }), 2), causal)).toBeUndefined();
});
