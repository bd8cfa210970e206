import pc from 'picocolors';
import { expect, it } from 'vitest';
import { FoundCauses } from '../../../suites/cli/found-causes.js';
import { check, minimalCase } from '../../reports/made-up.js';

const failed = (id: string, hint: string, expected?: boolean) =>
  check('mine', id, {
    verdict: 'fail',
    class: 'value',
    ...(expected && { expected }),
    failure: { case: minimalCase, output: 'o', message: 'o is off', hint, reproduced: 5, folder: 'failures/mine/x' },
  });

function recorded(bail?: number) {
  const told: string[] = [];
  const context = () => ({ colors: false, out: 'out', sources: { mine: 'kernel.py' } });
  const found = new FoundCauses((text) => void told.push(text), context, pc.createColors(false), bail);
  return { told, found };
}

it('tells a cause when its first check has failed, with the line that runs it again, and each cause once', () => {
  const { told, found } = recorded();
  found.add(check('mine', 'softmax/full/oracle/f32', {}), 9);
  found.add(failed('softmax/padding/oracle/f32', 'is known', true), 8);
  expect(told).toEqual([]);
  found.add(failed('softmax/causal/oracle/f32', 'matches A'), 7);
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(/^fail mine::softmax\/causal\/oracle\/f32 \(value\)\n/);
  expect(told[0]).toMatch(/hint +matches A\n(.|\n)*message +o is off\n(.|\n)*replay .* --adapter kernel\.py/);
  found.add(failed('softmax/document/oracle/f32', 'matches A'), 6);
  expect(told).toHaveLength(2);
  found.add(failed('softmax/any/strided/f32', 'matches B'), 5);
  expect(told[2]).toContain('matches B');
});

it('names --bail at the first cause, where checks are left and it is not given', () => {
  const { told, found } = recorded();
  found.add(failed('softmax/causal/oracle/f32', 'matches A'), 7);
  expect(told[1]).toBe('7 checks left; --bail 1 stops a run at its first failure');
  for (const [bail, left] of [[1, 7] as const, [undefined, 0] as const]) {
    const other = recorded(bail);
    other.found.add(failed('softmax/causal/oracle/f32', 'matches A'), left);
    expect(other.told).toHaveLength(1);
  }
});

it('leaves the causes of a kernel that is wrong in everything to the end', () => {
  const { told, found } = recorded(1);
  for (let at = 0; at < 9; at++) found.add(failed(`softmax/m${at}/oracle/f32`, `matches ${'ABCDEFGHI'[at]}`), 9 - at);
  expect(told).toHaveLength(6);
  expect(told.at(-1)).toBe('further causes are listed at the end');
});
