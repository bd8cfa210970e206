import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { drawTokens, type HistoryCase } from '../../../generators/history/inputs.js';
import { calls, play } from '../../../generators/history/play.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Distribution } from '../../../spec/types/documents.js';
import { capable, library, request } from '../capable.js';

const claims = Claims.of(library, capable({}));

const arbitrary = caseArbitrary(
  Claims.of(library, capable({ pages: { sizes: [4, 16], append: true } })),
  request({ needs: { history: 'pages' } }),
);
const distributions: Distribution[] = ['normal', 'integers', 'planted', 'one-hot', 'near-tied', 'peaked', 'poison'];

describe('the tokens of a history', () => {
  test.prop([fc.nat(), fc.constantFrom(...distributions)], { numRuns: 100 })(
    'are what they were at every call before',
    (seed, distribution) => {
      const drawn = drawCase(arbitrary, caseSeed(seed, 0, 0)).value as HistoryCase;
      const c: HistoryCase = { ...drawn, values: { ...drawn.values, distribution } };
      const all = drawTokens(claims, c, play(c.history).allTokens, []);
      for (const history of calls(c.history)) {
        const { allTokens } = play(history);
        const earlier = drawTokens(claims, { ...c, history }, allTokens, []);
        for (const name of ['q', 'k', 'v']) {
          const { shape, dtype, data } = all[name];
          const [, heads, tokens, width] = shape;
          const kept = valuesOf({
            dtype,
            shape: [heads, allTokens, width],
            strides: [tokens * width, width, 1],
            offset: 0,
            data,
          });
          expect(
            kept.findIndex((x, at) => !Object.is(x, earlier[name].data[at])),
            `${name} of ${allTokens} tokens`,
          ).toBe(-1);
        }
      }
    },
  );
});
