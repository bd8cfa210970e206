import { describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import { emptyRow } from '../../../suites/properties/kernel/empty-row.js';
import { capabilitiesOf, caseOf, diagnosed, judge, kernelAfter, kernelOf, library, rightKernel } from './support.js';

const training = capabilitiesOf({ gradients: true });
const c = caseOf({ mask: { name: 'causal' }, sizes: { m: 6, n: 4 } });

describe('empty-row', () => {
  it('passes a right kernel, forward and backward', () => {
    expect(judge(emptyRow, rightKernel, c)).toEqual({ status: 'pass' });
    expect(judge(emptyRow, rightKernel, c, training)).toEqual({ status: 'pass' });
  });

  it('calls backward only where it is claimed and not excluded', () => {
    const commands = (capabilities = training) => emptyRow.calls(c, Claims.of(library, capabilities)).map((call) => call.command);
    expect(commands()).toEqual(['forward', 'backward']);
    expect(commands(capabilitiesOf())).toEqual(['forward']);
    expect(commands(capabilitiesOf({ gradients: true, excludes: [{ mask: { name: 'causal' }, gradients: true }] }))).toEqual(['forward']);
  });

  it('takes the sink away, with which no row is empty', () => {
    expect(judge(emptyRow, rightKernel, { ...c, options: { sink: true } })).toEqual({ status: 'pass' });
    expect(emptyRow.calls({ ...c, options: { sink: true, scale: 2 } }, Claims.of(library, training))[0].case.options).toEqual({ scale: 2 });
  });

  it('fails another policy than the declared one, and names the dialect', () => {
    const kernel = kernelOf((p) => ({ dialect: { ...p.dialect, emptyOutput: 'mean' } }));
    expect(diagnosed(emptyRow, kernel, c)).toMatchObject({
      class: 'empty-row',
      output: 'o',
      hint: expect.stringContaining('--dialect emptyOutput=mean '),
    });
    expect(
      diagnosed(
        emptyRow,
        kernelAfter((output, x) => (output === 'lse' && x === -Infinity ? Infinity : x)),
        c,
      ),
    ).toMatchObject({
      class: 'empty-row',
      output: 'lse',
      hint: expect.stringContaining('--dialect emptyLse=+inf '),
    });
  });

  it('fails a kernel whose empty rows harm others', () => {
    expect(
      judge(
        emptyRow,
        kernelAfter((output, x, at) => (output === 'o' && at === 17 ? NaN : x)),
        c,
      ),
    ).toMatchObject({ class: 'nan', index: [0, 0, 5, 2] });
    expect(
      judge(
        emptyRow,
        kernelAfter((output, x, at) => (output === 'o' && at === 17 ? x + 1 : x)),
        c,
      ),
    ).toMatchObject({ class: 'value' });
  });

  it('fails gradients of empty rows that are not zero, and NaN in any gradient', () => {
    const backward = (bad: string, value: number) => kernelAfter((output, x, at) => (output === bad && at === 0 ? value : x));
    expect(judge(emptyRow, backward('dq', 1e-9), c, training)).toMatchObject({ class: 'empty-row', output: 'dq', call: 1 });
    expect(judge(emptyRow, backward('dq', NaN), c, training)).toMatchObject({ class: 'empty-row', output: 'dq' });
    expect(judge(emptyRow, backward('dv', NaN), c, training)).toMatchObject({ class: 'nan', output: 'dv', call: 1 });
    expect(judge(emptyRow, backward('dk', Infinity), c, training)).toMatchObject({ class: 'nan', output: 'dk' });
  });

  it('leaves plain wrong gradients to the gradient property', () => {
    expect(
      judge(
        emptyRow,
        kernelAfter((output, x) => (output === 'dk' ? 2 * x : x)),
        c,
        training,
      ),
    ).toEqual({ status: 'pass' });
  });

  it('is undecided where no row is empty', () => {
    expect(
      judge(
        emptyRow,
        kernelAfter(() => NaN),
        caseOf(),
      ),
    ).toEqual({ status: 'undecided', reason: 'no empty row' });
  });
});
