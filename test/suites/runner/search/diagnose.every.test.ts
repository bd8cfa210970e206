import { describe, expect, it } from 'vitest';
import { mutants } from '../../../../adapters/controls/mutants/index.js';
import { adapterOf } from '../../../../adapters/controls/mutants/lib/adapter.js';
import type { Mutant } from '../../../../adapters/controls/mutants/lib/mutant.js';
import { visibilityOf } from '../../../../adapters/controls/mutants/lib/problem-steps.js';
import { type Steps, standardSteps } from '../../../../adapters/controls/reference/steps/steps.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Capabilities } from '../../../../spec/types/documents.js';
import { InProcessJudge } from '../../../../suites/runner/in-process.js';
import { asksAll, fewOf, firstOf } from '../../../some.js';
import { diagnoses } from '../../power/diagnoses.js';
import { forwardOf, referenceWith } from '../../properties/on-kernel.js';
import { checked, checkedHint } from '../checked.js';

const mixedLogarithms: Partial<Steps> = {
  logSumExp: (a, row) => (row.sum === 0 ? -Infinity : a.round(row.max + a.round(Math.log2(row.sum)))),
};

const causalAlone: Partial<Capabilities> = { masks: ['full', 'causal'], denseMask: false };

describe('a hint is confirmed by other cases of the check', () => {
  it.each(fewOf(['softmax/full/oracle/f32', 'softmax/any/dialect/f32', 'softmax/full/visibility/f32'], 2))(
    'max + log2(sum) is no LSE in base 2, by %s',
    async (id) => {
      const [claims, seeds] = id.includes('dialect') ? [{ ...causalAlone, options: ['scale'] }, [0]] : [{}, fewOf([0, 1], 1)];
      for (const seed of seeds)
        expect((await checkedHint(referenceWith(mixedLogarithms), id, claims, seed)) ?? '').not.toContain('lseBase=2');
    },
  );

  it.skipIf(!asksAll)('what explains less than half of the failures is not said', async () => {
    // zeros for one query, and something else for more of them
    const kernel = referenceWith();
    const forward: Kernel['forward'] = async (call) => {
      const { o, lse } = await kernel.forward(call);
      const data = o.data.map((x) => (call.case.dims.m === 1 ? 0 : Math.fround(x + 0.37 * Math.sin(1e4 * x))));
      return { o: { ...o, data: data as Float32Array }, lse };
    };
    expect(await checkedHint({ ...kernel, forward }, 'softmax/full/oracle/f32')).toBeUndefined();
  });

  it.skipIf(asksAll)('a dialect that other cases refute is not to be declared', async () => {
    const windowsAlone = visibilityOf((p) => (p.left >= 0 ? { ...p, offset: 0 } : p));
    const hint = await checkedHint(referenceWith(windowsAlone), 'softmax+cross/any/oracle/f32');
    expect(hint).toMatch(
      /^the output matches the dialect causal=top-left; but do not declare it: (one case that passes|\d+ cases that pass) would fail$/,
    );
  });

  it.each(fewOf(['softmax+cross/any/oracle/f32', 'softmax/any/cache-history/f32'], 1))(
    'a causal mask that is lost in decoding is no mask that is ignored, and no offset that is added twice, by %s',
    async (id) => {
      const lost = visibilityOf((p) => (p.right === 0 && p.left < 0 && p.m < p.n ? { ...p, right: -1 } : p));
      for (const seed of fewOf([0, 1, 2], 1))
        expect(await checkedHint(referenceWith(lost), id, causalAlone, seed)).toBe(
          'the output matches a causal mask that hides no key if there are fewer queries than keys',
        );
    },
  );

  it('zeros alone are no mask that is read wrongly', async () => {
    const zeros = forwardOf(async (call, right) => {
      const { o, lse } = await right(call);
      return {
        o: tensorOf(
          'f32',
          o.shape,
          valuesOf(o).map(() => 0),
        ),
        lse,
      };
    });
    expect(await checkedHint(zeros, 'softmax/prefix-causal/visibility/f32', {}, 7)).toBeUndefined();
  });

  it.skipIf(asksAll)('a dialect that all cases bear out is', async () => {
    const topLeft = visibilityOf((p) => ({ ...p, offset: 0 }));
    expect(await checkedHint(referenceWith(topLeft), 'softmax+cross/any/oracle/f32', causalAlone)).toContain(
      ': if this is intended, declare it with --dialect causal=top-left',
    );
  });

  it.skipIf(asksAll).each([[['o']], [['o', 'lse']]])('NaN in rows that see no key is one, with outputs %j', async (outputs) => {
    const nan = forwardOf(async (call, right) => {
      const { o, lse } = await right(call);
      const { m, n, e } = call.case.dims;
      const data = valuesOf(o).map((x, at) => ((Math.floor(at / e) % m) + n - m < 0 ? Number.NaN : x));
      return { o: tensorOf('f32', o.shape, data), ...(outputs.includes('lse') && { lse }) };
    });
    const capabilities = { masks: ['causal'], layouts: ['bhld' as const], denseMask: false as const, outputs };
    expect(await checkedHint(nan, 'softmax/any/empty-row/f32', capabilities)).toContain(
      ': if this is intended, declare it with --dialect emptyOutput=nan',
    );
  });

  it.skipIf(!asksAll)('gradients by another dialect than the forward pass are no dialect', async () => {
    const [right, topLeft] = [
      referenceWith(),
      referenceWith({ ...visibilityOf((p) => ({ ...p, offset: 0 })), offset: standardSteps.offset }),
    ];
    const hint = await checkedHint({ ...right, backward: topLeft.backward }, 'softmax+cross/any/gradient/f32', causalAlone);
    expect(hint).toBe('the output matches the dialect causal=top-left; but do not declare it: the forward pass is right without it');
  });
});

it.skipIf(asksAll)('an error of the suite that ends an explanation is said in the check, whose verdict stays', async () => {
  class FailingJudge extends InProcessJudge {
    override async judge(work: Parameters<InProcessJudge['judge']>[0]) {
      if (work.diagnose) throw new RangeError('an array of -1 elements');
      return super.judge(work);
    }
  }
  const zeros = forwardOf(async (call, right) => {
    const { o, lse } = await right(call);
    return { o: { ...o, data: o.data.map(() => 0) as Float32Array }, lse };
  });
  const { verdict, failure } = await checked(zeros, 'softmax/full/oracle/f32', {}, 0, new FailingJudge());
  expect([verdict, failure?.hint, failure?.unexplained]).toEqual(['fail', undefined, 'an array of -1 elements']);
});

it.skipIf(asksAll)('where nothing explains a failure, it is said where a larger case is wrong', async () => {
  const kernel = referenceWith();
  const forward: Kernel['forward'] = async (call) => {
    const { o, lse } = await kernel.forward(call);
    const { m, e } = call.case.dims;
    const data = o.data.map((x, at) => ((Math.floor(at / e) % m) % 8 === 7 ? Math.fround(x + 0.37 * Math.sin(1e4 * x) + 0.1) : x));
    return { o: { ...o, data: data as Float32Array }, lse };
  };
  const { failure } = await checked({ ...kernel, forward }, 'softmax/full/oracle/f32');
  expect(failure?.hint).toBeUndefined();
  expect(failure?.case.dims.m).toBe(8);
  expect(failure?.where).toMatch(/^with b=\d.* m=\d+ .* the wrong elements of o are those of every 8th query \(7, 15, 23(, …)?\)$/);
});

it.skipIf(asksAll)('where a mask is read wrongly and nothing explains it, it is said which of its cells are', async () => {
  // every 8th query lacks its own key
  const visible: Steps['visible'] = (p, b, h, i, j) => !(i % 8 === 7 && i === j) && standardSteps.visible(p, b, h, i, j);
  const { failure } = await checked(referenceWith({ visible }), 'softmax/causal/visibility/f32');
  expect(failure?.hint).toBeUndefined();
  expect(failure?.case.dims.m).toBe(8);
  expect(failure?.where).toMatch(
    /^with b=\d.* m=\d+ .* the cells of the mask that are wrongly hidden are among those of every 8th query \(7, 15, 23, …\) and of every 8th key \(7, 15, 23, …\)$/,
  );
});

describe('what the check of one feature says, the check of all of them says too', () => {
  it.each<[string, string, Partial<Steps>]>(
    firstOf(
      [
        ['grouped', 'as if the group size were the number of key heads', { keyHead: (p, h) => Math.min(Math.floor(h / p.hk), p.hk - 1) }],
        ['grouped', 'every query head reads key head 0', { keyHead: () => 0 }],
        ['grouped', '--dialect heads=tiled', { keyHead: (p, h) => h % p.hk }],
      ],
      1,
    ),
  )('+%s: %s', async (feature, said, steps) => {
    for (const name of [feature, 'all']) expect(await checkedHint(referenceWith(steps), `softmax+${name}/any/oracle/f32`)).toContain(said);
  });
});

describe('what several calls, or calls of another purpose, show is explained by all of them', () => {
  it.each(
    fewOf(
      [
        ['causal-diagonal-lost', 'dialect'],
        ['sink-ignored', 'dialect'],
        ['tail-scores-kept', 'mass'],
        ['window-one-too-many', 'non-interference'],
        ['partial-tile-skipped', 'lse-merge'],
        ['mask-lost-with-bias', 'lse-merge'],
      ],
      2,
    ),
  )('%s, by %s', async (id, property) => {
    const adapter = adapterOf(mutants.find((mutant) => mutant.id === id) as Mutant);
    expect(await checkedHint(await adapter.open(), `softmax/any/${property}/f32`, adapter.capabilities)).toMatch(diagnoses[id].says);
  });

  it.each([1, 1e-7])('but not by a fault in which they have no part, where hidden slots change the output by %d of it', async (share) => {
    const adapter = adapterOf(mutants.find(({ id }) => id === 'tail-scores-kept') as Mutant);
    const kernel = await adapter.open();
    const forward: Kernel['forward'] = async (call) => {
      const { o, lse } = await kernel.forward(call);
      const isPoisoned = valuesOf(call.tensors.v).some((x) => !(Math.abs(x) < 1e4));
      return { o: tensorOf('f32', o.shape, isPoisoned ? valuesOf(o).map((x) => x * (1 + share)) : valuesOf(o)), lse };
    };
    expect(await checkedHint({ ...kernel, forward }, 'softmax/any/non-interference/f32')).toBeUndefined();
  });
});
