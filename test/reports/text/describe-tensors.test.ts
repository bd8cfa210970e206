import { describe, expect, test } from 'vitest';
import { describeFailure } from '../../../reports/result/describe-failure.js';
import { tensorLines } from '../../../reports/text/describe-tensors.js';
import type { FailureTensors } from '../../../spec/types/documents.js';
import { check, context, minimalCase } from '../made-up.js';

const tensors: FailureTensors = {
  inputs: {
    q: { dtype: 'f32', shape: [1, 1, 1, 2], values: [Math.fround(0.1), '-0'] },
    k: { dtype: 'f32', shape: [1, 1, 2, 2], values: [1, 2, 3, 'NaN'] },
    v: { dtype: 'f32', shape: [1, 1, 2, 40] },
  },
  expected: { o: { dtype: 'f64', shape: [1, 1, 1, 1], values: [0.1] } },
  actual: { o: { dtype: 'bf16', shape: [1, 1, 1, 1], values: ['Infinity'] } },
};

describe('the tensors of a failure', () => {
  test('are nested by their axes, with as few digits as tell them from their neighbours', () => {
    expect(tensorLines(tensors)).toEqual([
      ['q', '[1, 1, 1, 2] f32: [[[[0.1, -0]]]]'],
      ['k', '[1, 1, 2, 2] f32: [[[[1, 2], [3, NaN]]]]'],
      ['v', '[1, 1, 2, 40] f32, in the files of the failure'],
      ['expected o', '[1, 1, 1, 1] f64: [[[[0.1]]]]'],
      ['actual o', '[1, 1, 1, 1] bf16: [[[[Infinity]]]]'],
    ]);
  });

  test('are left out where no input is small', () => {
    expect(tensorLines({ ...tensors, inputs: { q: { dtype: 'f32', shape: [99] } } })).toEqual([]);
  });

  test('of a document from elsewhere are flat where shape and elements are at odds', () => {
    const shown = (shape: number[], values: number[]) => tensorLines({ ...tensors, inputs: { q: { dtype: 'f32', shape, values } } })[0][1];
    expect(shown([1e15], [1, 2])).toBe('[1000000000000000] f32: [1, 2]');
    expect(shown([1e15, 0], [])).toBe('[1000000000000000, 0] f32: []');
    expect(shown([], [5])).toBe('[] f32: 5');
  });

  test('stand with the failure, and the call with its own case where that is another', () => {
    const own = { ...minimalCase, dims: { ...minimalCase.dims, m: 7 } };
    const failure = {
      case: minimalCase,
      reproduced: 5,
      message: 'o is off',
      tensors,
      call: { number: 2, of: 3, command: 'backward' as const, case: own },
    };
    const lines = describeFailure(check('mine', 'softmax/full/oracle/f32', { verdict: 'fail', failure }), context);
    expect(lines).toContain('q          [1, 1, 1, 2] f32: [[[[0.1, -0]]]]');
    expect(lines).toContain('expected o [1, 1, 1, 1] f64: [[[[0.1]]]]');
    expect(lines.find((line) => line.startsWith('call '))).toMatch(/^call {6}2 of 3, backward, of b=1 .* m=7 /);
    const same = { ...failure, call: { ...failure.call, case: minimalCase } };
    expect(describeFailure(check('mine', 'softmax/full/oracle/f32', { verdict: 'fail', failure: same }), context)).toContain(
      'call      2 of 3, backward',
    );
  });
});
