import { describe, expect, it } from 'vitest';
import { drawTokens, gather, type HistoryCase, historyInputs } from '../../../generators/history/inputs.js';
import { pagedTensors, pageShapes, pagesAfter } from '../../../generators/history/pages.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { cachedInputs, queryInputs } from '../../../spec/operator/token-inputs.js';
import { checkOperator } from '../../../spec/program/check.js';
import type { Operator } from '../../../spec/types/documents.js';
import { capable, library, request } from '../capable.js';

const mla = library.operators.get('mla') as Operator;
const claims = Claims.of(library, capable({ operators: ['softmax', 'mla'], pages: { sizes: [4], append: true } }));
const arbitrary = caseArbitrary(claims, request({ operator: 'mla', needs: { history: 'pages' } }));

describe('inputs that a cache keeps', () => {
  it('are those that the document says, else k and v', () => {
    expect([cachedInputs(mla), queryInputs(mla)]).toEqual([
      ['c', 'kp'],
      ['q', 'qp'],
    ]);
    expect(cachedInputs(library.operators.get('softmax') as Operator)).toEqual(['k', 'v']);
    expect(cachedInputs(library.operators.get('retention') as Operator)).toEqual([]);
  });

  it('go without options that bring in positions, which a program has the same for sequences of every length', () => {
    const operators = ['softmax', 'sigmoid'];
    const takesAlibi = Claims.of(library, capable({ operators, options: ['scale', 'alibi'], pages: { sizes: [4], append: true } }));
    const optionsOf = (operator: string) => {
      const cases = caseArbitrary(takesAlibi, request({ operator, needs: { history: 'pages' } }));
      return Array.from({ length: 40 }, (_, seed) => Object.keys(drawCase(cases, caseSeed(seed, 0, 0)).value.options)).flat();
    };
    expect(optionsOf('sigmoid')).not.toContain('alibi');
    expect(optionsOf('softmax')).toContain('alibi');
  });

  it('have pages of their own, with the axes that a token has', () => {
    for (let seed = 0; seed < 10; seed++) {
      const c = drawCase(arbitrary, caseSeed(seed, 0, 0)).value as HistoryCase;
      const { b, m, hk, g, d, r, t } = c.dims;
      const tensors = pagedTensors(claims, c, true);
      expect(Object.keys(tensors).sort()).toEqual(
        ['block_table', 'c_new', 'c_pages', 'cache_lengths', 'kp_new', 'kp_pages', 'q', 'qp', 'wk', 'wv'].sort(),
      );
      expect([tensors.q.shape, tensors.c_new.shape, tensors.kp_new.shape]).toEqual([
        [b, hk * g, m, d],
        [b, m, r],
        [b, m, t],
      ]);
      const shapes = pageShapes(mla, c);
      expect([shapes.c.slice(1), shapes.kp.slice(1)]).toEqual([
        [4, r],
        [4, t],
      ]);
      const after = pagesAfter(claims, c);
      expect([after.c_pages.shape, after.kp_pages.shape]).toEqual([shapes.c, shapes.kp]);
      const { c: latent, kp } = historyInputs(claims, c, [], true);
      expect([latent.shape, kp.shape]).toEqual([
        [b, c.dims.n, r],
        [b, c.dims.n, t],
      ]);
    }
  });

  it('are all that keys have, or the document is refused', () => {
    const { c, kp, ...inputs } = mla.inputs;
    const withInputs = (others: Operator['inputs']) => () => checkOperator({ ...mla, inputs: { ...inputs, ...others } } as Operator);
    expect(withInputs({ c, kp })).not.toThrow();
    expect(withInputs({ c, kp: ['b', 'n', 't'] })).toThrow(/inputs\.kp: must be cached/);
    expect(withInputs({ c, kp, q: { axes: ['b', 'hk', 'g', 'm', 'd'], cached: true } })).toThrow(/inputs\.q\.cached: found the axes/);
  });

  it('have the scales of fp8 in every sequence, with more query heads than key heads too', () => {
    const c = drawCase(caseArbitrary(claims, request({ needs: { history: 'pages' } })), caseSeed(1, 0, 0)).value as HistoryCase;
    const narrow: HistoryCase = { ...c, dtype: 'f8e4m3', dims: { ...c.dims, hk: 2, g: 2 } };
    const { q } = drawTokens(claims, narrow, 3, []);
    const gathered = gather(q, 2, [Int32Array.of(0, 1), Int32Array.of(2)], 2);
    expect([...(gathered.scale ?? [])]).toEqual([...(q.scale ?? []), ...(q.scale ?? [])]);
    expect(q.scale).toHaveLength(2);
  });
});
