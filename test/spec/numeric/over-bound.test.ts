import { describe, expect, it } from 'vitest';
import { ratioText } from '../../../spec/numeric/over-bound.js';

describe('a ratio in a text', () => {
  it.each([
    [0, '0'],
    [0.123456, '0.123'],
    [1, '1'],
    [37.2456, '37.2'],
    [9994, '9990'],
    [9999, '1e4'],
    [7_430_000, '7.4e6'],
    [31_800_000_000, '3.2e10'],
    [Infinity, 'Infinity'],
  ])('%d is %s', (ratio, text) => {
    expect(ratioText(ratio)).toBe(text);
  });
});
