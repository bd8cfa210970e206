import { describe, expect, it } from 'vitest';
import { unjudgedLine } from '../../../reports/result/unjudged.js';
import { unjudgedClaims } from '../../../spec/claims/unjudged-claims.js';
import type { Capabilities, CheckResult, Result, Verdict } from '../../../spec/types/documents.js';
import { exitCodeOf } from '../../../suites/lib/exit-code.js';

const statistics = { elements: 1, undecided: 0, maxOverBound: 0, histogram: [], maxUlp: 0 };

function check(id: string, outputs: readonly string[] = ['o'], labels: readonly string[] = [], verdict: Verdict = 'pass'): CheckResult {
  return {
    id,
    adapter: 'mine',
    verdict,
    cases: 1,
    undecided: 0,
    coverage: Object.fromEntries(labels.map((label) => [label, 1])),
    error: Object.fromEntries(outputs.map((output) => [output, statistics])) as unknown as NonNullable<CheckResult['error']>,
    milliseconds: 1,
  };
}

function result(capabilities: Partial<Capabilities>, checks: CheckResult[], plan: Partial<Result['plan']> = { whole: ['mine'] }): Result {
  return {
    format: 1,
    suite: '0.1.0',
    spec: {},
    seed: 0,
    plan: { hash: 'h', runs: 1, shard: null, ...plan },
    started: '2026-01-01T00:00:00.000Z',
    adapters: [
      {
        id: 'mine',
        title: 'mine',
        version: null,
        environment: {},
        dialect: {},
        capabilities: { dtypes: ['f32'], operators: ['softmax'], ...capabilities },
      },
    ],
    checks,
    profiles: [],
    complete: true,
  };
}

const right = check('softmax/full/oracle/f32');
const code = (...asked: Parameters<typeof result>) =>
  exitCodeOf(result(...asked), { named: ['mine'], allowIncomplete: false, failOnWarnings: false });

describe('what is claimed and was not judged', () => {
  it.each<[string, Partial<Capabilities>, CheckResult]>([
    ['operator sigmoid', { operators: ['softmax', 'sigmoid'] }, check('sigmoid/full/oracle/f32')],
    ['type f16', { dtypes: ['f32', 'f16'] }, check('softmax/full/oracle/f16')],
    ['option softcap', { options: ['softcap'] }, check('softmax+softcap/any/oracle/f32', ['o'], ['softcap'])],
    ['option scale', { options: ['scale'] }, check('softmax/causal/oracle/f32', ['o'], ['given-scale'])],
    ['output lse', { outputs: ['o', 'lse'] }, check('softmax/causal/oracle/f32', ['o', 'lse'])],
    ['gradient dq', { gradients: ['q'] }, check('softmax/full/gradient/f32', ['dq'])],
    ['gradients', { gradients: true }, check('softmax/full/gradient/f32', ['dq', 'dk', 'dv'])],
    ['layout thd', { layouts: ['bhld', 'thd'] }, check('softmax+packed/any/oracle/f32', ['o'], ['packed'])],
    ['layout blhd', { layouts: ['bhld', 'blhd'] }, check('softmax/any/strided/f32', ['o'], ['other-layout'])],
    ['strided inputs', { strided: true }, check('softmax/any/strided/f32', ['o'], ['views:pad'])],
    ['pages', { pages: { sizes: [16] } }, check('softmax/any/cache-history/f32')],
    ['captured calls', { captured: true }, check('softmax/any/captured/f32')],
    ['batch invariance', { batchInvariant: true }, check('softmax/any/batch-invariant/f32')],
    ['scheme ring (--profile parallel)', { schemes: { ring: { worlds: [2] } } }, check('softmax/any/single-device/f32@ring')],
  ])('is said: %s', (claim, capabilities, judging) => {
    expect(unjudgedClaims(result(capabilities, [right]))).toEqual([claim]);
    expect(unjudgedLine(result(capabilities, [right]))[0]).toMatch(`claimed, but not judged: ${claim}`);
    expect(code(capabilities, [right])).toBe(3);
    // a check without a verdict on the kernel judges nothing
    for (const verdict of ['error', 'not-run', 'unsupported'] as const)
      expect(unjudgedClaims(result(capabilities, [right, { ...judging, verdict }]))).toEqual([claim]);
    expect(unjudgedClaims(result(capabilities, [right, judging]))).toEqual([]);
    expect(code(capabilities, [right, judging])).toBe(0);
  });

  it('is said of a mask of which checks were planned', () => {
    const masks = { masks: ['full', 'causal'] };
    expect(unjudgedClaims(result(masks, [right, check('softmax/causal/oracle/f32', [], [], 'error')]))).toEqual(['mask causal']);
    expect(unjudgedClaims(result(masks, [right]))).toEqual([]);
    // a kernel that takes calls on pages alone has no check of one mask
    const paged = ['full', 'causal'].map((name) => check(`softmax/any/cache-history/f32`, ['o'], [`mask:${name}`]));
    const unsupported = ['full', 'causal'].map((name) => check(`softmax/${name}/oracle/f32`, [], [], 'unsupported'));
    expect(unjudgedClaims(result(masks, [...unsupported, paged[0]]))).toEqual(['mask causal']);
    expect(unjudgedClaims(result(masks, [...unsupported, ...paged]))).toEqual([]);
  });

  it('is no matter where a part was asked for, or of a shard, of an adapter that is not there, or where a check failed', () => {
    const gradients = { gradients: true as const };
    expect(code(gradients, [right], {})).toBe(0);
    expect(unjudgedClaims(result(gradients, [right], { whole: ['mine'], shard: '1/2' }))).toEqual([]);
    expect(unjudgedClaims(result(gradients, []))).toEqual([]);
    expect(code(gradients, [{ ...right, verdict: 'fail' }])).toBe(1);
    // later cases of a check that failed would have had the option
    expect(unjudgedClaims(result({ options: ['softcap'] }, [{ ...right, verdict: 'fail' }]))).toEqual([]);
  });

  it('is not said of a kernel that passes nothing, which a run gives up', () => {
    const claims = { masks: ['full', 'causal'] };
    const causal = check('softmax/causal/oracle/f32', ['o'], [], 'not-run');
    expect(unjudgedLine(result(claims, [right, causal]))).toHaveLength(1);
    expect(unjudgedLine(result(claims, [{ ...right, verdict: 'fail' }, causal]))).toEqual([]);
  });

  it('is not said of outputs that are codes or places, which have no error', () => {
    expect(
      unjudgedClaims(result({ operators: ['lightning-indexer'], outputs: ['o', 'chosen'] }, [check('lightning-indexer/full/oracle/f32')])),
    ).toEqual([]);
  });
});
