import { expect, it } from 'vitest';
import { unseenRanks } from '../../../reports/terminal/notes.js';
import type { CheckResult } from '../../../spec/types/documents.js';

const check = (adapter: string, coverage: Record<string, number>) => ({ adapter, coverage }) as unknown as CheckResult;

it('says once for each adapter in how many cases only rank 0 was seen', () => {
  const checks = [
    check('a', { 'rank-0-alone': 3 }),
    check('a', { 'rank-0-alone': 1, tail: 2 }),
    check('b', { tail: 1 }),
    check('c', { 'rank-0-alone': 1 }),
  ];
  const [first, second, ...others] = unseenRanks({ checks });
  expect(first).toMatch(/^a: only rank 0 was judged in 4 cases; to have every rank judged, name the file of each rank/);
  expect(second).toMatch(/^c: only rank 0 was judged in 1 case;/);
  expect(others).toEqual([]);
});
