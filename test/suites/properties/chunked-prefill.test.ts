import { describe, expect, it } from 'vitest';
import { offset } from '../../../adapters/controls/reference/steps/scores.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case, Operation } from '../../../spec/types/documents.js';
import { chunkedPrefill } from '../../../suites/properties/cache/chunked-prefill.js';
import { claims, judgeKernel, referenceWith, tryCases } from './on-kernel.js';
import { caseOf, library } from './support.js';

const history: Operation[] = [3, 1, 2].map((tokens) => ({ op: 'append', sequences: [0, 1], tokens }));
const chunked: Case = { ...caseOf({ sizes: { b: 2, m: 2, n: 6 } }), mask: { name: 'causal' }, history };

describe('chunked-prefill', () => {
  it('calls with the whole prompt, then with its chunks and all keys so far', () => {
    const sizes = (capabilities = claims()) =>
      chunkedPrefill.calls(chunked, Claims.of(library, capabilities)).map(({ case: { dims } }) => [dims.b, dims.m, dims.n]);
    expect(sizes()).toEqual([
      [2, 6, 6],
      [2, 3, 3],
      [2, 1, 4],
      [2, 2, 6],
    ]);
    expect(sizes(claims({ limits: { m: { max: 4 } } }))).toHaveLength(3);
  });

  it('is asked of every kernel that takes more keys than queries', () => {
    expect(chunkedPrefill.unsupported(claims({ pages: undefined }))).toBeUndefined();
    expect(chunkedPrefill.unsupported(claims({ limits: { m: '=n' } }))).toMatch(/m = n/);
  });

  it('passes a correct kernel, with pages and without', async () => {
    expect(await tryCases(chunkedPrefill, referenceWith(), 20)).toEqual({ decided: 20 });
    expect(await tryCases(chunkedPrefill, referenceWith(), 20, 'f32', claims({ pages: undefined }))).toEqual({ decided: 20 });
  });

  it('fails one that places the queries of a chunk at the first keys', async () => {
    const topLeft = referenceWith({ offset: (p) => (p.m < p.n ? 0 : offset(p)) });
    expect(await judgeKernel(chunkedPrefill, topLeft, chunked)).toMatchObject({ status: 'fail', call: 2 });
  });
});

describe('a case without a history', () => {
  it('is one plain call', () => {
    const plain = caseOf({ sizes: { m: 2, n: 6 } });
    expect(chunkedPrefill.calls(plain, Claims.of(library, claims()))).toEqual([{ command: 'forward', case: plain }]);
  });
});
