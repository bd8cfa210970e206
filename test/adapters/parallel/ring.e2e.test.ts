import { describe, it } from 'vitest';
import { crossingMasks } from './masks.js';
import { expectSingleDevice, schemeCase } from './support.js';

describe.each(['ring', 'ring-zigzag', 'ring-striped', 'ring-zigzag-document'])('%s', (scheme) => {
  it.each([1, 2, 3, 5, 8])('is a single device on %i ranks', async (ranks) => {
    for (const n of [1, 17]) {
      for (const mask of crossingMasks(n)) {
        await expectSingleDevice(
          schemeCase({ b: 2, hk: 2, g: 2, n }, mask, n > 1 ? { sink: true } : {}),
          scheme,
          [ranks],
          ['forward', 'backward'],
        );
      }
    }
  });
});
