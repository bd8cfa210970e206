import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { blockRateOf } from '../../../spec/cluster/machine.js';

const blocks = { tokens: [512, 2048, 8192], forward: { full: [2, 4, 5], causal: [1, 3, 4] }, backward: { full: [4, 6, 10] } };
const rate = blockRateOf({ blocks });

const side = (tokens: number) => tokens * tokens;

it('the device has the rate of causal attention over as many tokens as it was measured with, or the most that are listed', () => {
  expect(rate?.('forward', side(8192), 1 / 2)).toBe(1);
  expect(rate?.('backward', side(8192), 1 / 2)).toBe(1);
  const measured = { tokens: 2048, heads: 1, dim: 64, forward: 2, both: 1 };
  expect(blockRateOf({ blocks, measured })?.('forward', side(2048), 1 / 2)).toBe(1);
  expect(blockRateOf({})).toBeUndefined();
});

it('full blocks are as fast as is listed, causal ones of the backward pass to them as in the forward pass', () => {
  expect(rate?.('forward', side(2048), 1)).toBeCloseTo(4 / 4);
  expect(rate?.('forward', side(512), 1)).toBeCloseTo(2 / 4);
  expect(rate?.('backward', side(8192), 1)).toBeCloseTo(10 / 8);
  expect(rate?.('backward', side(512), 1 / 2)).toBeCloseTo((4 * (1 / 2)) / 8);
  // half between two lengths, as logarithms
  expect(rate?.('forward', side(1024), 1)).toBeCloseTo(3 / 4);
});

test.prop([
  fc.double({ min: 0, max: 40, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom('forward', 'backward'),
])('a rate lies between the least and the largest, and grows with the size and what is visible', (bits, visible, pass) => {
  const at = (size: number, share: number) => rate?.(pass as 'forward', 2 ** size, share) as number;
  const rates = pass === 'forward' ? [1 / 4, 5 / 4] : [2 / 8, 10 / 8];
  expect(at(bits, visible)).toBeGreaterThanOrEqual(rates[0] - 1e-12);
  expect(at(bits, visible)).toBeLessThanOrEqual(rates[1] + 1e-12);
  expect(at(bits + 1, visible)).toBeGreaterThanOrEqual(at(bits, visible) - 1e-12);
  expect(at(bits, Math.min(1, visible + 0.1))).toBeGreaterThanOrEqual(at(bits, visible) - 1e-12);
});
