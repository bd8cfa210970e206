import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdict } from '../../reports/verdict/index.js';
import { checkDocument } from '../../spec/documents.js';
import type { CheckResult, KernelVerdict, Result } from '../../spec/types/documents.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { check, context, madeUp, minimalCase } from './made-up.js';

function read(result: Result): { document: KernelVerdict; lines: number } {
  const text = verdict.report(result, context);
  return { document: checkDocument('kernelVerdict', JSON.parse(text), 'the verdict'), lines: text.split('\n').length - 1 };
}

const of = (...checks: CheckResult[]): Result => ({ ...madeUp, adapters: madeUp.adapters.slice(0, 2), checks });

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
        const { lines, document } = read(of(...failures.map(ownFailure)));
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
