import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { speedClass, speeds, workOf } from '../../../generators/space/budget.js';
import { withinLimits } from '../../../generators/space/limits.js';
import { measuredCases } from '../../../generators/space/measured-cases.js';
import { validateCase } from '../../../generators/validate.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../../suites/properties/property.js';
import { measureSpeed, type Timing } from '../../../suites/runner/run/measure-speed.js';
import { capable, library } from '../../generators/capable.js';

const cases = measuredCases(Claims.of(library, capable()));

/** A process that answers each timed call with what `time` says, in milliseconds, or ends. */
function processWith(time: (c: Case, call: number) => number | 'died' | 'fault'): Timing & { ended: boolean; asked: Case[] } {
  let prepared: CallSpec | undefined;
  let call = 0;
  const timing = {
    ended: false,
    asked: [] as Case[],
    ask: async (message: { type: string; calls?: readonly CallSpec[] }) => {
      if (message.type === 'prepare') {
        [prepared] = message.calls ?? [];
        call = 0;
        return { type: 'prepared' };
      }
      const { case: c } = prepared as CallSpec;
      timing.asked.push(c);
      const answer = time(c, call++);
      if (answer === 'died') return { kind: 'died', class: 'SIGSEGV', message: 'died', printed: '' };
      if (answer === 'fault') return { type: 'timed', timed: { kind: 'error', message: 'no', call: 0 } };
      return { type: 'timed', timed: { nanoseconds: answer * 1e6 } };
    },
    kill: async () => {
      timing.ended = true;
    },
  };
  return timing as unknown as Timing & { ended: boolean; asked: Case[] };
}

const at = (rate: number) => (c: Case) => (workOf(c.dims) / rate) * 1000;

describe('the speed of a kernel', () => {
  test.prop([fc.double({ min: 5, max: 14, noNaN: true })], { numRuns: 30 })(
    'is the class of its rate, where the machine is busy too',
    async (power) => {
      const rate = 10 ** power;
      const found = await measureSpeed(processWith(at(rate)), cases, 1000);
      // what else the machine does is taken off, at most eightfold
      expect([speedClass(rate), speedClass(8 * rate)]).toContain(found);
    },
  );

  it('does not go by first calls, in which a kernel compiles', async () => {
    const compiling = processWith((c, call) => (call === 0 ? 60_000 : at(1e13)(c)));
    expect(await measureSpeed(compiling, cases, 1000)).toBe('fast');
  });

  it('is told by the smallest case that takes long enough', async () => {
    const slow = processWith(at(1e5));
    expect(await measureSpeed(slow, cases, 1000)).toBe('slow');
    expect(new Set(slow.asked).size).toBe(1);
    const fast = processWith(at(1e14));
    await measureSpeed(fast, cases, 1000);
    expect(new Set(fast.asked).size).toBe(cases.length);
  });

  it('is not known of one that answers with an error, or dies: then its process is ended', async () => {
    const refusing = processWith(() => 'fault');
    expect(await measureSpeed(refusing, cases, 1000)).toBeUndefined();
    expect(refusing.ended).toBe(false);
    const dying = processWith(() => 'died');
    expect(await measureSpeed(dying, cases, 1000)).toBeUndefined();
    expect(dying.ended).toBe(true);
    expect(await measureSpeed(dying, [], 1000)).toBeUndefined();
  });
});

describe('the cases that it is measured by', () => {
  it('are valid, within the claims, and each more work than the one before', () => {
    const limits = { d: [64, 128], e: '=d', m: { min: 16, max: 300, multipleOf: 16 }, n: '=m' } as const;
    for (const claims of [
      {},
      { limits: { ...limits, d: [...limits.d] } },
      { operators: ['linear-causal'] },
      { dtypes: ['bf16' as const] },
    ]) {
      const capabilities = capable(claims);
      const measured = measuredCases(Claims.of(library, capabilities));
      expect(measured.length).toBeGreaterThan(1);
      for (const c of measured) {
        validateCase(library, c, 'measured');
        expect(withinLimits(capabilities.limits, c.dims)).toBe(true);
        expect(c.values.rows).toBeUndefined();
      }
      const work = measured.map(({ dims }) => workOf(dims));
      expect(work).toEqual([...work].sort((a, b) => a - b));
    }
    expect(measuredCases(Claims.of(library, capable({ layouts: ['thd'] })))).toEqual([]);
  });

  it('have classes far from each other', () => {
    const rates = Array.from({ length: 160 }, (_, x) => 10 ** (x / 10));
    const first = speeds.map((speed) => rates.find((rate) => speedClass(rate) === speed) as number);
    expect(first[2] / first[1]).toBeGreaterThan(10);
    expect(speedClass(0)).toBe('slow');
    expect(speedClass(Number.NaN)).toBe('slow');
  });
});
