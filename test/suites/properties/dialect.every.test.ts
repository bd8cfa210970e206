import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { describeFailure } from '../../../reports/result/describe-failure.js';
import { Claims } from '../../../spec/claims/claims.js';
import { type Dialect, dialectAxes } from '../../../spec/dialect.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { dialect } from '../../../suites/properties/kernel/dialect.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';
import { dialectKernel } from '../../kernels/dialects.js';
import { asksAll, someOf } from '../../some.js';
import { axes, claims, everyValue, library, outputsIn, outputsOf, told } from '../diagnosis/dialect/inferred.js';
import { checked } from '../runner/checked.js';
import { caseOf } from './support.js';

async function judged(behaves: Dialect, declares: Dialect) {
  const silent = Object.keys(declares).length === 0;
  const capabilities = silent ? claims() : claims({ dialect: declares });
  const results = await (silent ? outputsIn(behaves) : outputsOf(dialectKernel(behaves).forward, capabilities));
  return judgeCase(dialect, { claims: Claims.of(library, capabilities), problemOf, expectationOf }, caseOf(), results).judgement;
}

describe('dialect', () => {
  it.skipIf(asksAll)('passes a kernel that is what it declares', async () => {
    expect(await judged({}, {})).toEqual({ status: 'pass' });
    const everything = Object.fromEntries(axes.map((axis) => [axis, dialectAxes[axis].at(-1)])) as Dialect;
    expect(await judged(everything, everything)).toEqual({ status: 'pass' });
  });

  it.each(
    someOf(
      everyValue.filter(([axis, value]) => dialectAxes[axis][0] !== value),
      ([axis]) => axis,
    ),
  )('fails a kernel that is %s=%s and declares nothing', async (axis, value) => {
    const seen = axis === 'defaultEps' ? told(value) : value;
    expect(await judged({ [axis]: value }, {})).toMatchObject({
      status: 'fail',
      class: 'dialect',
      message: expect.stringContaining(`${axis} is ${seen}, but the default is ${dialectAxes[axis][0]} (`),
      hint: `if this is intended, declare it with --dialect ${axis}=${seen.split(' ')[0]}`,
    });
  });

  it.skipIf(asksAll)('fails a kernel that is not what it declares', async () => {
    expect(await judged({}, { causal: 'top-left', heads: 'tiled' })).toMatchObject({
      class: 'dialect',
      message: expect.stringMatching(
        /heads is grouped, but the kernel declares tiled .*\. causal is bottom-right, but the kernel declares top-left/,
      ),
      hint: 'if this is intended, declare it with --dialect heads=grouped --dialect causal=bottom-right',
    });
  });

  it.skipIf(!asksAll)('reports the case of the call that shows the deviation, whatever was drawn', async () => {
    const result = await checked(dialectKernel({ heads: 'tiled' }), 'softmax/any/dialect/f32');
    expect(result).toMatchObject({ verdict: 'fail', class: 'dialect', failure: { shrunk: 0, reproduced: 5 } });
    expect(result.failure?.case).toMatchObject({ dims: { hk: 2, g: 2 }, mask: { name: 'full' } });
    expect(result.failure?.call?.case).toEqual(result.failure?.case);
    const lines = describeFailure(result, { colors: false, out: 'out', sources: {} });
    expect(lines.filter((line) => line.includes('hk='))[0]).toMatch(/^case +b=1 hk=2 g=2 /);
    expect(lines.find((line) => line.startsWith('call'))).toMatch(/^call +\d+ of \d+, forward$/);
  });
});
