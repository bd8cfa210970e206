import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdict } from '../../reports/verdict/index.js';
import { checkDocument } from '../../spec/lib/documents.js';
import type { Case, CheckResult, KernelVerdict, Result } from '../../spec/types/documents.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { check, context, madeUp, minimalCase } from './made-up.js';

function read(result: Result): { document: KernelVerdict; lines: number } {
  const text = verdict.report(result, context);
  return { document: checkDocument('kernelVerdict', JSON.parse(text), 'the verdict'), lines: text.split('\n').length - 1 };
}

const of = (...checks: CheckResult[]): Result => ({ ...madeUp, adapters: madeUp.adapters.slice(0, 2), checks });

const shown = (value: number) => ({ q: { dtype: 'f32', shape: [1, 2], values: [value, value] } });

/** A failure whose message no other has, so that it is a cause of its own. */
function ownFailure(at: number): CheckResult {
  const word = String.fromCharCode(...[...String(at)].map((digit) => 97 + Number(digit)));
  const failure = {
    case: minimalCase,
    output: 'o',
    index: [0, 0, 0, 0],
    expected: 1,
    actual: 2,
    bound: 0.1,
    message: `wrong as ${word}`,
    reproduced: 5,
    shrunk: 0,
    tensors: { inputs: shown(1), expected: shown(2), actual: shown(3) },
  };
  return check('mine', `softmax/causal/oracle-${word}/f32`, {
    verdict: 'fail',
    class: 'value',
    failure: { ...failure, folder: `failures/mine/${at}` },
  });
}

describe('the verdict', () => {
  it('has the causes with the numbers of the smallest case, and the next command', () => {
    const { document } = read(madeUp);
    expect(document.verdict).toBe('fail');
    expect(document.checks).toMatchObject({ planned: madeUp.checks.length, expectedFailures: 1, inconclusive: 1, notRun: 1 });
    const [first] = document.causes;
    expect(first).toMatchObject({
      hint: 'a row without keys is divided by zero',
      output: 'o',
      expected: 0.5,
      actual: 'NaN',
      case: minimalCase,
    });
    expect(document.next.command).toBe(first.replay);
    expect(first.replay).toContain("--adapter './my kernel.js'");
  });

  it('shows the tensors of the first causes where all are small, and says which case was not made smaller', () => {
    const failure = ownFailure(1);
    const [cause] = read(of(failure)).document.causes;
    expect(cause).toMatchObject({
      inputs: { q: { shape: [1, 2], values: [1, 1] } },
      outputs: { q: { values: [3, 3], expected: [2, 2] } },
    });
    expect(cause).not.toHaveProperty('reduced');
    const large = { ...minimalCase, dims: { ...minimalCase.dims, m: 40, n: 40 } };
    const inputs = { q: { dtype: 'f32', shape: [1, 40] } };
    const drawn = {
      ...failure,
      failure: { ...failure.failure, case: large, tensors: { inputs, expected: {}, actual: {} } },
    } as CheckResult;
    expect(read(of(drawn)).document.causes[0]).toMatchObject({ reduced: false });
    expect(read(of(drawn)).document.causes[0]).not.toHaveProperty('inputs');
    const reduced = { ...drawn, failure: { ...drawn.failure, shrunk: 3 } } as CheckResult;
    expect(read(of(reduced)).document.causes[0]).not.toHaveProperty('reduced');
  });

  it('says which of several calls was wrong, with its case where that is another', () => {
    const failure = ownFailure(1);
    const withCall = (own: Case) =>
      ({ ...failure, failure: { ...failure.failure, call: { number: 2, of: 3, command: 'backward', case: own } } }) as CheckResult;
    const other = { ...minimalCase, dims: { ...minimalCase.dims, m: 2 } };
    expect(read(of(failure)).document.causes[0]).not.toHaveProperty('call');
    expect(read(of(withCall(minimalCase))).document.causes[0].call).toEqual({ number: 2, of: 3, command: 'backward' });
    expect(read(of(withCall(other))).document.causes[0].call).toEqual({ number: 2, of: 3, command: 'backward', case: other });
  });

  it('begins with the cause by which most checks fail, explained or not', () => {
    const twice = [ownFailure(1), { ...ownFailure(1), id: 'softmax/full/oracle-b/f32' }];
    const hinted = ownFailure(2);
    const explained = { ...hinted, failure: { ...hinted.failure, hint: 'the scale is twice applied' } } as CheckResult;
    expect(read(of(explained, ...twice)).document.causes.map(({ checks }) => checks)).toEqual([2, 1]);
    expect(read(of(ownFailure(1), explained)).document.causes.map(({ hint }) => hint !== undefined)).toEqual([true, false]);
    const open = {
      ...hinted,
      failure: { ...hinted.failure, explanations: [{ text: 'no mask' }, { text: 'tiles of {} keys', sizes: [8, 16] }] },
    } as CheckResult;
    expect(read(of(open)).document.causes[0].explanations).toEqual(['no mask', 'tiles of 8 or 16 keys']);
  });

  it('says the hint once, and what the case shows beside it', () => {
    const failure = ownFailure(1);
    const hinted = { ...failure, failure: { ...failure.failure, hint: 'the scale is twice applied\nin every case' } } as CheckResult;
    expect(read(of(hinted)).document.causes[0]).toMatchObject({ title: 'wrong as b', hint: 'the scale is twice applied\nin every case' });
  });

  it('counts the checks that are unsupported for other reasons, and has the command that goes on', () => {
    const unsupported = [...'abcdefg'].map((reason, at) =>
      check('mine', `softmax/full/oracle-${at}/f32`, { verdict: 'unsupported', reason: reason.repeat(3) }),
    );
    const pass = check('mine', 'softmax/full/oracle/f32', {});
    expect(read(of(pass, ...unsupported)).document).toMatchObject({ verdict: 'pass', moreUnsupported: 2 });
    const notRun = check('mine', 'softmax/causal/oracle/f32', { verdict: 'not-run', reason: 'the time limit was reached' });
    const many = Array.from({ length: 19 }, (_, at) => ({ ...notRun, id: `softmax/full/oracle-${at}/f32` }));
    expect(read(of(pass, ...many)).document).toMatchObject({ moreNotRun: 3, checks: { notRun: 19 } });
    const text = verdict.report(of(pass, notRun), { ...context, resume: 'attn-cts judge k.py --resume' });
    expect(JSON.parse(text).next.command).toBe('attn-cts judge k.py --resume');
    const error = check('mine', 'softmax/causal/oracle/f32', { verdict: 'error', class: 'oracle', reason: 'ours' });
    expect(read(of(pass, error)).document.next.command).toMatch(/ report .*result\.json/);
  });

  it('has reasons of unsupported checks that differ in a mask or feature as one', () => {
    const unsupported = ['sink', 'alibi'].map((name) =>
      check('mine', `softmax+${name}/any/oracle/f32`, { verdict: 'unsupported', reason: `the kernel has no ${name} at all` }),
    );
    const other = check('mine', 'softmax/any/strided/f32', { verdict: 'unsupported', reason: 'contiguous only' });
    expect(read(of(...unsupported, other)).document.unsupported).toEqual([
      { reason: 'the kernel has no … at all (… = sink, alibi)', checks: 2 },
      { reason: 'contiguous only', checks: 1 },
    ]);
  });

  it('is pass, inconclusive or fail as the checks are', () => {
    const pass = check('mine', 'softmax/full/oracle/f32', {});
    const notRun = check('mine', 'softmax/causal/oracle/f32', { verdict: 'not-run', reason: 'the time limit was reached' });
    expect(read(of(pass)).document.verdict).toBe('pass');
    expect(read(of(pass, notRun)).document).toMatchObject({ verdict: 'inconclusive', notRun: ['softmax/causal/oracle/f32'] });
    expect(read(of()).document.verdict).toBe('inconclusive');
    expect(read(of(pass, notRun, ownFailure(1))).document.verdict).toBe('fail');
    expect(read(of({ ...ownFailure(1), expected: true }, pass)).document).toMatchObject({ verdict: 'pass', causes: [] });
  });

  it('has at most 200 lines, whatever the result', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 60 }), (failures) => {
        const others = [...Array(30).keys()].flatMap((at) => [
          check('mine', `softmax/full/oracle-n${at}/f32`, { verdict: 'not-run', reason: 'the time limit was reached' }),
          check('mine', `softmax/full/oracle-u${at}/f32`, { verdict: 'unsupported', reason: `no ${at}` }),
        ]);
        const { lines, document } = read(of(...failures.map(ownFailure), ...others));
        expect(lines).toBeLessThanOrEqual(200);
        expect(document.causes.length + document.moreCauses).toBe(new Set(failures).size);
      }),
      { numRuns: 20 },
    );
  });

  it.each(Object.values(hostileTexts))('shows no control character of a kernel: %j', (text) => {
    expect(verdict.report(hostileResult(text), context)).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
