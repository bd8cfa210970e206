import type { Operator } from '../../../../spec/types/documents.js';

/** Gated sigmoid attention with any mask, and the sum of its weights: weights that are hidden and then gated, or gated and then hidden. */
export const twoForms: Operator = {
  name: 'two-forms',
  family: 'test',
  version: '1.0.0',
  title: 'Gated sigmoid attention, and the sum of its weights',
  source: [{ title: 'A test' }],
  formula: 'o_i = Σ_j σ(slope q_i·k_j) gate_j v_j,  total_i = Σ_j σ(slope q_i·k_j) gate_j',
  inputs: { q: ['b', 'hk', 'g', 'm', 'd'], k: ['b', 'hk', 'n', 'd'], v: ['b', 'hk', 'n', 'e'] },
  optional: { gate: { axes: ['b', 'hk', 'n'], draw: 'positive' } },
  options: { slope: { default: 0.5, values: [0.5, 1, 0.25] } },
  masks: 'any',
  emptyRow: 'zero',
  program: [
    ['s', ['scale', '$slope', ['dot', 'q', 'k', 'd']]],
    [
      'w',
      [
        'when',
        'mask',
        ['where', 'mask', ['div', 1, ['add', 1, ['exp', ['scale', -1, 's']]]], 0],
        ['div', 1, ['add', 1, ['exp', ['scale', -1, 's']]]],
      ],
    ],
    ['x', ['when', 'gate', ['mul', 'w', 'gate'], 'w']],
    ['o', ['dot', 'x', 'v', 'n']],
    ['total', ['sum', 'x', 'n']],
  ],
  outputs: { o: ['b', 'hk', 'g', 'm', 'e'], total: ['b', 'hk', 'g', 'm'] },
  second: {
    title: 'queries that are scaled first, weights that are gated before the mask',
    program: [
      ['s', ['dot', ['scale', '$slope', 'q'], 'k', 'd']],
      ['h', ['div', 1, ['add', 1, ['exp', ['sub', 0, 's']]]]],
      ['x', ['when', 'gate', ['mul', 'gate', 'h'], 'h']],
      ['w', ['when', 'mask', ['where', 'mask', 'x', 0], 'x']],
      ['o', ['dot', 'w', 'v', 'n']],
      ['total', ['sum', 'w', 'n']],
    ],
  },
};
