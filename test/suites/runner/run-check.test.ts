import { describe, expect, test } from 'vitest';
import type { Case } from '../../../spec/types/documents.js';
import type { Check } from '../../../suites/contract/check.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { Stopped } from '../../../suites/runner/run/case-loop.js';
import type { Failed } from '../../../suites/runner/run/outcome.js';
import { runCheck } from '../../../suites/runner/run/run-check.js';
import { type FakeVerdict, failed, fakeRunner, pass } from './fake-runner.js';

const check: Check = {
  id: 'softmax+cross/any/oracle/f32',
  adapter: 'fake',
  operator: 'softmax',
  feature: 'cross',
  mask: 'any',
  property: 'oracle',
  dtype: 'f32',
  cases: 50,
  floors: 0,
  request: { operator: 'softmax', feature: 'cross', mask: 'any', dtype: 'f32', needs: oracle.needs },
};
const failures = { write: async () => 'failures/fake' };

function run(
  verdictOf: (c: Case) => FakeVerdict,
  { latency = (): number => 0, stop = (): string | undefined => undefined, capabilities = {}, seed = 0 } = {},
) {
  const runner = fakeRunner(verdictOf, latency, capabilities);
  return runCheck(check, runner, { seed, stop, onCases: () => {}, failures }).then((result) => ({
    ...result,
    milliseconds: 0,
    called: runner.called.length,
  }));
}

const undecided: FakeVerdict = { status: 'undecided', reason: 'no finite bound' };
/** A coin that depends on the case alone. */
const coin = (c: Case, share: number) => ((c.values.seed * 7 + c.dims.n * 13 + c.dims.m * 31) % 100) / 100 < share;

describe('a check', () => {
  test('passes where all its cases do', async () => {
    expect(await run(() => pass)).toMatchObject({ verdict: 'pass', cases: 50, undecided: 0, coverage: { passed: 50 }, called: 50 });
  });

  test('ends at its first failure, and counts what came before', async () => {
    const result = await run((c) => (coin(c, 0.05) ? failed('value') : pass), { seed: 1 });
    expect(result).toMatchObject({ verdict: 'fail', class: 'value', failure: { reproduced: 5, folder: 'failures/fake' } });
    expect(result.cases).toBeGreaterThan(1);
    expect(result.coverage.passed).toBe(result.cases - 1);
  });

  test('comes out the same however long the judge takes', async () => {
    for (const seed of [1, 2, 3]) {
      const verdictOf = (c: Case): FakeVerdict =>
        coin(c, 0.03) ? failed('value') : coin(c, 0.2) ? undecided : coin(c, 0.3) ? 'out-of-memory' : pass;
      const { called: _, ...steady } = await run(verdictOf, { seed });
      const { called: __, ...hasty } = await run(verdictOf, { seed, latency: () => Math.random() * 5 });
      expect(hasty).toEqual(steady);
    }
  });

  test('draws again what had no verdict', async () => {
    const result = await run((c) => (coin(c, 0.4) ? undecided : pass));
    expect(result).toMatchObject({ verdict: 'pass', cases: 50 });
    expect(result.undecided).toBeGreaterThan(5);
    expect(result.called).toBe(50 + result.undecided);
  });

  test('is an error where fewer than half of its cases can be decided', async () => {
    expect(await run(() => undecided)).toMatchObject({
      verdict: 'error',
      class: 'vacuous',
      cases: 0,
      undecided: 400,
      reason: expect.stringContaining('no finite bound'),
    });
  });

  test('is unsupported where memory does not suffice, or everything drawn is excluded', async () => {
    expect(await run(() => 'out-of-memory')).toMatchObject({
      verdict: 'unsupported',
      coverage: { 'out-of-memory': 400 },
      reason: expect.stringMatching(/^no case fits into memory; \d+ keys: ./),
    });
    expect(await run(() => pass, { capabilities: { excludes: [{ operator: 'softmax' }] } })).toMatchObject({
      verdict: 'unsupported',
      called: 0,
      cases: 0,
    });
  });

  test('is an error where the judge fails: never a pass', async () => {
    expect(await run((c) => (c.dims.n > 60 ? 'judge-throws' : pass))).toMatchObject({
      verdict: 'error',
      class: 'oracle',
      reason: 'the oracle is at a loss',
      failure: { reproduced: -1, shrunk: 0 },
    });
  });

  test('fails with class refused where the kernel throws inside its claims', async () => {
    expect(await run(() => 'throws')).toMatchObject({ verdict: 'fail', class: 'refused', cases: 1 });
  });

  test('is a crash where the process dies, a timeout where it hangs', async () => {
    expect(await run((c) => (c.dims.n > 60 ? 'dies' : pass))).toMatchObject({
      verdict: 'crash',
      class: 'SIGSEGV',
      failure: { case: { dims: { n: 61 } }, reproduced: 5 },
    });
    expect(await run((c) => (c.dims.n > 60 ? 'hangs' : pass))).toMatchObject({
      verdict: 'timeout',
      failure: { reproduced: -1, shrunk: 0 },
    });
  });

  test('keeps, of the cases that failed before one of them shrank, the one that is furthest off', async () => {
    const verdictOf = ({ dims: { n } }: Case): FakeVerdict =>
      n < 10 ? pass : { ...(failed('value') as Failed), message: `off at ${n}`, expected: 0, actual: n === 11 ? 3 : n, bound: 1 };
    const { failure } = await run(verdictOf);
    expect(failure?.case.dims.n).toBe(10);
    // of several cases of a batch, which this check has, it is the longest
    expect(failure?.worst?.case.dims.n).toBeGreaterThan(60);
    expect(failure?.worst).toMatchObject({ message: `off at ${failure?.worst?.case.dims.n}`, actual: failure?.worst?.case.dims.n });
    // one that nothing is smaller than has no other to be told of
    const { failure: whole } = await run(() => failed('value'), {
      capabilities: { limits: { b: [1], hk: [1], g: [1], m: [2], n: [1], d: [1], e: [1] } },
    });
    expect(whole?.case.dims.m).toBe(2);
  });

  test('has no verdict where the run must stop', async () => {
    await expect(run(() => pass, { stop: () => 'the time limit of 1 s was reached' })).rejects.toThrow(Stopped);
  });
});
