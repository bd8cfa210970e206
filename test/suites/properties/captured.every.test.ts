import { describe, expect, it } from 'vitest';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import type { Call, Kernel } from '../../../adapters/kernel.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { TensorData } from '../../../spec/tensor/dtype.js';
import type { Case, Change } from '../../../spec/types/documents.js';
import { MutantJudge } from '../../../suites/power/judge-mutant.js';
import { captured } from '../../../suites/properties/kernel/captured.js';
import { GuardedInputs } from '../../../suites/runner/host/guarded-inputs.js';
import { isFault, KernelCalls } from '../../../suites/runner/host/kernel-calls.js';
import { TensorPacker } from '../../../suites/runner/host/wire.js';
import { asksAll, firstOf } from '../../some.js';
import { claims, judgeKernel, library, referenceWith, tryCases } from './on-kernel.js';
import { caseOf } from './support.js';

const claimed = Claims.of(library, claims());

function casesOf(c: Case, transform: Change[]): Case[] {
  return captured.calls({ ...c, values: { ...c.values, transform } }, claimed).map((call) => call.case);
}

describe('captured', () => {
  it.skipIf(asksAll)('captures a case, and replays it with other values, the first ones, and each change of its tensors', () => {
    const c = caseOf({ mask: { name: 'padding', parameters: { lengths: [3, 5], side: 'right' } }, options: { scale: 0.5, sink: true } });
    const shorter = { name: 'padding', parameters: { lengths: [2, 5], side: 'right' } };
    const left = { name: 'padding', parameters: { lengths: [3, 5], side: 'left' } };
    const cases = casesOf(c, [
      { change: 'sink' },
      { change: 'do' },
      { change: 'scale', to: 0.25 },
      { change: 'mask', to: left },
      { change: 'mask', to: shorter },
      { change: 'cache_lengths' },
    ]);
    const sink = { ...c, values: { ...c.values, transform: [{ change: 'sink' }] } };
    expect(cases).toEqual([
      c,
      { ...c, values: { ...c.values, seed: 8 } },
      c,
      sink,
      // lengths travel as a table
      { ...sink, mask: shorter },
      { ...sink, mask: shorter, values: { ...c.values, transform: [{ change: 'sink' }, { change: 'cache_lengths' }] } },
      c,
    ]);
    expect(captured.calls(c, claimed).every((call) => call.captured && call.command === 'forward')).toBe(true);
    expect(casesOf(c, [{ change: 'do' }])[3].values.transform).toEqual([{ change: 'k' }]);
  });

  it.skipIf(asksAll)('is asked where it is claimed', () => {
    expect(captured.unsupported(claims({ captured: false }))).toMatch(/not claimed/);
    expect(captured.unsupported(claims())).toBeUndefined();
  });

  it.skipIf(asksAll)('passes a kernel that keeps where its tensors lie, on caches too', async () => {
    expect(await tryCases(captured, referenceWith(), 30)).toEqual({ decided: 30 });
  });

  it.skipIf(asksAll)('fails one that replays what it computed once, and leaves one that is simply wrong to its own class', async () => {
    const right = referenceWith();
    const once: Kernel = {
      ...right,
      capture: async (call) => {
        const outputs = await right.forward(call);
        return async () => outputs;
      },
    };
    expect(await judgeKernel(captured, once, caseOf())).toMatchObject({
      class: 'captured',
      call: 1,
      hint: expect.stringMatching(/capture/),
    });
    const wrong = referenceWith({ defaultScale: () => 3 });
    expect(await judgeKernel(captured, wrong, caseOf())).toMatchObject({ class: 'value', call: 0 });
  });

  it.each(mutants.flatMap((mutant) => (mutant.class === 'Captured calls' ? [[mutant.id, mutant] as const] : [])))(
    'kills %s on every seed',
    async (_, mutant) => {
      for (const seed of firstOf([0, 1, 2, 3, 4], 1)) {
        const judge = new MutantJudge(library, { seed, runs: 50, filter: ['softmax/any/captured/f32'], speed: 'slow' });
        expect((await judge.run(mutant)).kill?.check, `seed ${seed}`).toBe('softmax/any/captured/f32');
      }
    },
    120_000,
  );
});

/** A kernel that keeps the arrays of the calls that it captures. */
function keeping(held: TensorData[]): Kernel {
  const right = referenceWith();
  return {
    ...right,
    capture: async (call: Call) => {
      held.push(call.tensors.q.data);
      return () => right.forward(call);
    },
  };
}

describe('a host', () => {
  const spec = (seed: number, sizes = {}): { command: 'forward'; case: Case; captured: true } => ({
    command: 'forward',
    case: caseOf({ sizes, values: { distribution: 'normal', seed } }),
    captured: true,
  });

  it.skipIf(asksAll).each([false, true])('rewrites the arrays of the captured call, with guards: %s', async (guarded) => {
    const held: TensorData[] = [];
    const calls = new KernelCalls(claimed, keeping(held), new TensorPacker(), guarded ? new GuardedInputs() : undefined);
    const reply = await calls.run([spec(1), spec(2), spec(1), spec(1, { m: 2 })], () => {});
    expect(reply.fault).toBeUndefined();
    // another shape is captured anew
    expect(held.map(({ length }) => length)).toEqual([48, 24]);
    // so is the next case
    await calls.run([spec(2)], () => {});
    expect(held).toHaveLength(3);
    const tensors = calls.inputsOf(spec(2));
    expect(isFault(tensors) ? tensors.message : [...tensors.q.data]).toEqual([...held[2]]);
  });

  it.skipIf(asksAll)('answers for a kernel that claims captures and has none', async () => {
    const { capture: _, ...kernel } = referenceWith();
    const reply = await new KernelCalls(claimed, kernel, new TensorPacker()).run([spec(1)], () => {});
    expect(reply.fault).toMatchObject({ kind: 'unsupported', message: 'the kernel has no capture function' });
  });
});
