import { describe, expect, it } from 'vitest';
import { worstElement } from '../../../reports/html/site/sections/worst-element.js';
import { minimalCase } from '../made-up.js';

describe('the worst element of a failure', () => {
  it('keeps the sign of a zero, however the document has it', () => {
    const element = { case: minimalCase, reproduced: 5, output: 'o', index: [0], bound: 0 };
    for (const negative of [-0, '-0'] as const) {
      const shown = Object.fromEntries(worstElement({ ...element, expected: 0, actual: negative }));
      expect(shown).toMatchObject({ at: 'o[0]', expected: '0', actual: '-0' });
    }
  });
});
