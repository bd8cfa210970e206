import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../suites/verify/verify.js';
import { check, madeUp } from '../../reports/made-up.js';

describe('the sample of a result', () => {
  const checks = ['mine', 'reference'].flatMap((adapter) => [
    ...Array.from({ length: 10 }, (_, i) => check(adapter, `a/b/p${i}/f32`, {})),
    check(adapter, 'a/b/bad/f32', { verdict: 'fail' }),
    check(adapter, 'a/b/not/f32', { verdict: 'unsupported' }),
  ]);
  const result = { ...madeUp, checks };

  it('takes adapters in turn, failures first, and nothing that was not judged', () => {
    const four = sampleOf(result, 4);
    expect(four.slice(0, 2).map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
    expect(new Set(four.map(({ adapter }) => adapter)).size).toBe(2);
    expect(sampleOf(result, 1000)).toHaveLength(22);
  });

  it('follows from the seed', () => {
    const ids = (seed: number) => sampleOf({ ...result, seed }, 12).map(({ id }) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
  });
});
