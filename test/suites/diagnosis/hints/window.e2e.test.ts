import { expect, it } from 'vitest';
import { visibilityOf } from '../../../../adapters/controls/mutants/lib/problem-steps.js';
import { standardSteps } from '../../../../adapters/controls/reference/steps/steps.js';
import { oracle } from '../../../../suites/properties/kernel/oracle.js';
import { diagnoseKernel, referenceWith } from '../../properties/on-kernel.js';
import { caseOf } from '../../properties/support.js';

it.each([[{ left: -1, right: 2 }], [{ left: 2, right: -1 }]])(
  'a window whose unlimited side is taken as a width is told, %j',
  async (parameters) => {
    const c = caseOf({ mask: { name: 'sliding-window', parameters }, sizes: { m: 6, n: 8 } });
    const taken = referenceWith({
      ...visibilityOf((p) => ({ ...p, left: -1, right: -1 })),
      visible: (p, _b, _h, i, j) => {
        const away = j - i - (p.n - p.m);
        return away >= -parameters.left && away <= parameters.right;
      },
    });
    expect(await diagnoseKernel(oracle, taken, c)).toMatchObject({
      status: 'fail',
      hint: 'the output matches a window whose side of −1, no limit, is taken as a width',
    });
  },
);

it('a window that begins at the next tile is told of a long case too, as only its visible keys take work', async () => {
  const c = caseOf({ mask: { name: 'sliding-window', parameters: { left: 20, right: 3 } }, sizes: { m: 16, n: 32_769, d: 4, e: 4 } });
  const kernel = referenceWith({ firstKey: (p, i) => 16 * Math.ceil(standardSteps.firstKey(p, i) / 16) });
  expect(await diagnoseKernel(oracle, kernel, c)).toMatchObject({
    status: 'fail',
    hint: 'the output matches a window that begins at the next tile of 16 keys',
  });
});
