import { describe, expect, it } from 'vitest';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import type { Mutant } from '../../../adapters/controls/mutants/lib/mutant.js';
import type { Call, Outputs } from '../../../adapters/kernel.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { validateCase } from '../../../generators/validate.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Change, Operation } from '../../../spec/types/documents.js';
import { MutantJudge } from '../../../suites/power/judge-mutant.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { stateless } from '../../../suites/properties/kernel/stateless.js';
import { asksAll, firstOf } from '../../some.js';
import { claims, forwardOf, judgeKernel, library, referenceWith, tryCases } from './on-kernel.js';
import { caseOf } from './support.js';

/** Answers from a cache by whatever it takes the call to be. */
function cachedBy(key: (call: Call) => string) {
  const seen = new Map<string, Outputs>();
  return forwardOf(async (call, right) => {
    const known = seen.get(key(call));
    if (known) return known;
    const outputs = await right(call);
    seen.set(key(call), outputs);
    return outputs;
  });
}

const shape = ({ case: c }: Call) => JSON.stringify([c.dims, c.mask, c.options, c.dtype, c.layout]);
const few = (call: Call) => shape(call) + ['q', 'k', 'v'].map((name) => [...valuesOf(call.tensors[name]).subarray(0, 4)]).join();

/** Right for the first calls, then the output is zero. */
function rightFor(calls: number) {
  let count = 0;
  return forwardOf(async (call, right) => {
    const { o, ...rest } = await right(call);
    return ++count <= calls
      ? { o, ...rest }
      : {
          ...rest,
          o: tensor(
            o.dtype,
            o.shape,
            o.data.map(() => 0),
          ),
        };
  });
}

describe('stateless', () => {
  const both = claims({ gradients: true });

  it.skipIf(asksAll)('changes the table and the lengths of a paged cache, and has no other shape there', () => {
    const history: Operation[] = [
      { op: 'create', page: 1 },
      { op: 'append', sequences: [0, 1], tokens: 2 },
      { op: 'append', sequences: [1], tokens: 1 },
      { op: 'append', sequences: [0, 1], tokens: 1 },
    ];
    const c = caseOf({ sizes: { b: 2, m: 1, n: 4 }, history });
    const transform: Change[] = [{ change: 'block_table' }, { change: 'cache_lengths' }];
    const calls = stateless
      .calls({ ...c, values: { ...c.values, transform } }, Claims.of(library, both))
      .map((call) => call.case.values.transform?.length ?? 0);
    expect(calls).toEqual([0, 0, 0, 1, 2, 0]);
  });

  it.skipIf(asksAll)('calls a case three times, with other values, its changes and another shape between', () => {
    const c = caseOf({ options: { scale: 0.5, sink: true } });
    const transform: Change[] = [{ change: 'q' }, { change: 'sink' }, { change: 'do' }, { change: 'scale', to: 0.25 }];
    const calls = stateless.calls({ ...c, values: { ...c.values, transform } }, Claims.of(library, both));
    expect(calls.map(({ command }) => command)).toEqual([...Array(8).fill('forward'), ...Array(5).fill('backward')]);
    const cases = calls.map((call) => call.case);
    const [first, other, again, q, sink, scale, shape, last] = cases;
    expect([first, again, last]).toEqual([c, c, c]);
    expect(other).toEqual({ ...c, values: { distribution: 'normal', seed: 8 } });
    // each differs from the one before in one thing
    expect(q).toEqual({ ...c, values: { ...c.values, transform: [{ change: 'q' }] } });
    expect(sink).toEqual({ ...c, values: { ...c.values, transform: [{ change: 'q' }, { change: 'sink' }] } });
    expect(scale).toEqual({ ...sink, options: { scale: 0.25, sink: true } });
    expect(shape.dims).not.toEqual(c.dims);
    expect(cases.slice(8)).toEqual([c, other, c, { ...c, values: { ...c.values, transform: [{ change: 'do' }] } }, expect.anything()]);
    expect(stateless.calls(c, Claims.of(library, claims())).every(({ command }) => command === 'forward')).toBe(true);
  });

  it.skipIf(asksAll)('changes k or v where the case lists nothing, as those saved before there was a list', () => {
    for (const seed of [6, 7]) {
      const c = caseOf({ values: { distribution: 'normal', seed } });
      expect(stateless.calls(c, Claims.of(library, claims()))[3].case).toEqual({
        ...c,
        values: { ...c.values, transform: [{ change: seed % 2 ? 'k' : 'v' }] },
      });
    }
  });

  it.skipIf(asksAll)('lists changes of all that a case has, which are cases too', () => {
    const capabilities = claims({ gradients: ['q', 'k', 'v', 'dlse'] });
    const request = { operator: 'softmax', mask: 'any', dtype: 'f32', needs: stateless.needs } as const;
    const arbitrary = caseArbitrary(Claims.of(library, capabilities), request);
    const counts: Record<string, number> = {};
    for (let index = 0; index < 250; index++) {
      const c = drawCase(arbitrary, caseSeed(5, index, 0)).value;
      validateCase(library, c, 'case');
      for (const change of c.values.transform ?? []) {
        const told =
          'change' in change && change.change === 'mask' && 'to' in change ? 'mask by name' : 'change' in change ? change.change : 'shift';
        counts[told] = (counts[told] ?? 0) + 1;
      }
      for (const { command, case: called } of stateless.calls(c, Claims.of(library, capabilities))) {
        validateCase(library, called, 'call');
        if (index % 10 === 0) tensorsOf(Claims.of(library, capabilities), called, command);
      }
    }
    const names = [
      'block_table',
      'cache_lengths',
      'q',
      'k',
      'v',
      'bias',
      'alibi',
      'sink',
      'scale',
      'softcap',
      'mask',
      'mask by name',
      'packed',
      'do',
      'dlse',
    ];
    expect(Object.keys(counts).sort()).toEqual(names.sort());
    // of 50 cases several
    expect(Object.entries(counts).filter(([, count]) => count < 10)).toEqual([]);
  });

  it.skipIf(asksAll)('changes no size that is fixed, tied or costly', () => {
    const fixed = claims({ limits: { n: [6], d: [3], e: '=d' } });
    expect(stateless.calls(caseOf(), Claims.of(library, fixed))[4].case.dims).toEqual({ ...caseOf().dims, b: 1 });
    expect(stateless.calls(caseOf(), Claims.of(library, claims({ compilesPer: ['n', 'd', 'b'] })))).toHaveLength(5);
    // the operator may have no other mask than the case's: it stays, and its parameters were made for its lengths
    const causal = caseOf({ mask: { name: 'causal' } });
    expect(stateless.calls(causal, Claims.of(library, claims()))[4].case).toMatchObject({ mask: { name: 'causal' }, dims: { n: 5 } });
    const padding = caseOf({ mask: { name: 'padding', parameters: { lengths: [3, 5], side: 'right' } } });
    const other = stateless.calls(padding, Claims.of(library, claims()))[4].case;
    expect(other).toMatchObject({ mask: padding.mask, dims: { b: 2, m: 4, n: 6, d: 2, e: 2 } });
    expect(stateless.calls(padding, Claims.of(library, claims({ limits: { d: [3] } })))).toHaveLength(5);
    const square = caseOf({ sizes: { m: 6, n: 6 } });
    expect(stateless.calls(square, Claims.of(library, claims()))[4].case.dims).toMatchObject({ m: 5, n: 5 });
  });

  it.skipIf(asksAll)('passes a correct kernel, backward too', async () => {
    expect(await tryCases(stateless, referenceWith(), 6, 'bf16', both)).toEqual({ decided: 6 });
    // pages that have the new tokens already, too
    expect(await tryCases(stateless, referenceWith(), 60, 'f32', claims({ pages: { sizes: [4, 1] } }))).toEqual({ decided: 60 });
  });

  it.skipIf(asksAll)('fails an output that is kept by shape, or by the first elements', async () => {
    const kept = { failure: { class: 'stateless', hint: expect.stringMatching(/kept from an earlier call/) } };
    expect(await tryCases(stateless, cachedBy(shape), 10)).toMatchObject({ ...kept, decided: 0 });
    expect(await tryCases(stateless, cachedBy(few), 10)).toMatchObject(kept);
  });

  it.skipIf(asksAll)('fails an answer that depends on how many calls there were', async () => {
    expect(await judgeKernel(stateless, rightFor(2), caseOf())).toMatchObject({ class: 'stateless', call: 2, output: 'o' });
    const loose = claims({ deterministic: { forward: false } });
    expect(await judgeKernel(stateless, rightFor(2), caseOf(), loose)).toMatchObject({ class: 'stateless', call: 2 });
    expect(await judgeKernel(stateless, rightFor(5), caseOf())).toMatchObject({ class: 'stateless', call: 5 });
  });

  it.skipIf(asksAll)('fails gradients that add up from call to call, or are kept', async () => {
    const right = referenceWith();
    let calls = 0;
    const scaled = {
      ...right,
      backward: async (call: Call) => {
        const gradients = (await right.backward?.(call)) as Outputs;
        calls++;
        return {
          ...gradients,
          dk: tensor(
            'f32',
            gradients.dk.shape,
            valuesOf(gradients.dk).map((x) => x * calls),
          ),
        };
      },
    };
    expect(await judgeKernel(stateless, scaled, caseOf(), both)).toMatchObject({ class: 'stateless', output: 'dk', call: 8 });
    let kept: Outputs | undefined;
    const stale = { ...right, backward: async (call: Call) => (kept ??= (await right.backward?.(call)) as Outputs) };
    expect(await judgeKernel(stateless, stale, caseOf(), both)).toMatchObject({ class: 'stateless', call: 7 });
  });

  // npm run accept -- power minimal: on more
  it.each(firstOf(['sink', 'block_table', 'mask', 'scale', 'documents', 'cache_lengths'], 2))(
    'finds a cache whose key lacks %s, on two seeds',
    async (name) => {
      for (let seed = 0; seed < 2; seed++) {
        const judge = new MutantJudge(library, { seed, runs: 50, filter: ['softmax/any/stateless/f32'], speed: 'slow' });
        const { kill } = await judge.run(mutants.find(({ id }) => id === `output-cached-without-${name.replace('_', '-')}`) as Mutant);
        const { history } = kill?.case ?? {};
        // a shorter sequence stands beside a longer one
        const least = history ? { hk: 1, g: 1, d: 1, e: 1 } : { b: 1, hk: 1, g: 1, n: 1, d: 1, e: 1 };
        expect(kill, `seed ${seed}`).toMatchObject({ class: 'stateless', case: { dims: least } });
        expect(history !== undefined, `seed ${seed}`).toBe(['block_table', 'cache_lengths'].includes(name));
        expect(kill?.case.values.transform, `seed ${seed}`).toHaveLength(1);
      }
    },
    120_000,
  );

  it.skipIf(asksAll)('finds what a single call does not show', async () => {
    // other cases have other shapes or other first elements
    expect((await tryCases(oracle, cachedBy(few), 25)).failure).toBeUndefined();
  });

  it.skipIf(asksAll)('leaves gradients that are wrong in every call to those that judge them', async () => {
    const right = referenceWith();
    const zeros = (gradients: Outputs) =>
      Object.fromEntries(Object.entries(gradients).map(([name, t]) => [name, tensor(t.dtype, t.shape)]));
    const wrong = { ...right, backward: async (call: Call) => zeros((await right.backward?.(call)) as Outputs) };
    expect(await judgeKernel(stateless, wrong, caseOf(), both)).toEqual({ status: 'pass' });
  });

  it.skipIf(asksAll)('leaves a kernel that is simply wrong to its own class', async () => {
    const wrong = referenceWith({ defaultScale: () => 3 });
    expect(await judgeKernel(stateless, wrong, caseOf())).toMatchObject({ class: 'value', call: 0 });
  });
});
