import type { Picture } from '../../../reports/html/site-data.js';
import type { Result } from '../../../spec/types/documents.js';
import { check, madeUp, minimalCase } from '../made-up.js';

export const pictures: Picture[] = [
  { kind: 'mask', title: 'Mask expected', down: 'query', across: 'key', rows: 2, columns: 2, of: [2, 2], cells: '4044' },
  { kind: 'error', title: 'Error ÷ bound', down: 'row', across: 'column', rows: 1, columns: 3, of: [1, 3], cells: '0N8' },
];
const statistics = { elements: 100, undecided: 0, maxOverBound: 1.5, histogram: [90, 5, 1, 1, 1, 1, 0, 0, 0, 0, 1], maxUlp: 12 };
export const withErrors: Result = {
  ...madeUp,
  checks: madeUp.checks.map((c) => (c.verdict === 'pass' ? { ...c, error: { o: statistics } } : c)),
};
export const evil = '</script><img src=x onerror="document.title=\'owned\'">../..';
export const hostile: Result = {
  ...madeUp,
  adapters: [{ ...madeUp.adapters[0], id: evil, title: evil, version: evil, environment: { [evil]: evil.repeat(500), device: evil } }],
  checks: [
    check(evil, `softmax/${evil.replaceAll('/', '|')}/oracle/f32`, {
      verdict: 'fail',
      class: evil,
      reason: evil,
      coverage: { [evil]: 1 },
      failure: { case: minimalCase, message: evil.repeat(200), hint: evil, output: evil, reproduced: 5 },
    }),
  ],
  profiles: [{ name: evil, adapter: evil, fail: 1 }],
};

const unsupported = { verdict: 'unsupported', cases: 0, reason: 'not claimed' } as const;
const hint = { case: minimalCase, message: 'o is off', hint: 'the diagonal is hidden', reproduced: 5 };
/** One kernel, which claims one operator. */
export const oneKernel: Result = {
  ...madeUp,
  adapters: [madeUp.adapters[0]],
  checks: [
    check('reference', 'softmax/full/oracle/f32', { verdict: 'fail', failure: hint }),
    check('reference', 'softmax/causal/oracle/f32', { verdict: 'fail', failure: hint }),
    check('reference', 'softmax/any/strided/f32', unsupported),
    check('reference', 'linear/full/oracle/f32', unsupported),
    check('reference', 'efficient/full/oracle/f32', unsupported),
  ],
};
