import { expect, test } from 'vitest';
import type { Check } from '../../../suites/contract/check.js';
import { EndedAdapters } from '../../../suites/runner/run/ended-adapters.js';
import { check } from '../../reports/made-up.js';

test('an adapter ends with the last of its checks, and only if one was to be judged', () => {
  const ended: [string, number][] = [];
  const planned = ['a', 'a', 'b', 'c'].map((adapter, i) => ({ adapter, id: `softmax/m${i}/oracle/f32` }) as Check);
  const ends = new EndedAdapters(planned, (adapter, results) => void ended.push([adapter, results.length]));
  const result = (adapter: string) => check(adapter, 'softmax/full/oracle/f32', {});
  ends.count(result('a'), false);
  ends.count(result('b'), false);
  expect(ended).toEqual([]);
  ends.count(result('a'), true);
  ends.count(result('c'), true);
  expect(ended).toEqual([
    ['a', 2],
    ['c', 1],
  ]);
});
