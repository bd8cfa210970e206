import { describe, expect, it, test } from 'vitest';
import { adapterOf } from '../../../../adapters/controls/mutants/lib/adapter.js';
import type { Mutant } from '../../../../adapters/controls/mutants/lib/mutant.js';
import { mutantNamed } from '../../../../adapters/controls/mutants/named.js';
import { schemeMutants } from '../../../../adapters/controls/mutants/schemes/index.js';
import { parallelCall } from '../../../../adapters/parallel/job/parallel-call.js';
import { describesRanks } from '../../../../adapters/parallel/job/rank-outputs.js';
import type { SchemeProgram } from '../../../../adapters/parallel/program.js';
import { ringProgram } from '../../../../adapters/parallel/programs/ring.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { operatorsOf } from '../../../../spec/scheme/operators.js';
import { type Tensors, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case, Operator, Parallel, Scheme } from '../../../../spec/types/documents.js';
import { MutantJudge, mutantChecks } from '../../../../suites/power/judge-mutant.js';
import { kernelOf, library, schemeCase } from '../../parallel/support.js';

const programsOf = (mutant: Mutant) => mutant.fault.programs as readonly SchemeProgram[];
const schemeOf = (mutant: Mutant) => programsOf(mutant)[0].name;

/** Outputs of the scheme with these programs. */
async function run(c: Case, parallel: Parallel, backward: boolean, programs?: readonly SchemeProgram[], lib = library): Promise<Tensors> {
  const inside = await kernelOf(c.operator);
  const { dlse: _, ...tensors } = tensorsOf(Claims.of(lib, inside.capabilities), c, backward ? 'backward' : 'forward');
  const call = { case: { ...c, parallel }, tensors };
  return parallelCall(lib, inside.kernel, inside.capabilities, call, backward, undefined, programs);
}

/** Outputs of the forward pass and, if the scheme has one, of the backward pass. */
async function outputs(c: Case, parallel: Parallel, programs?: readonly SchemeProgram[]): Promise<Record<string, number[]>> {
  const both = (library.schemes.get(parallel.scheme) as Scheme).directions.includes('backward');
  const all = { ...(await run(c, parallel, false, programs)), ...(both && (await run(c, parallel, true, programs))) };
  return Object.fromEntries(
    Object.keys(all)
      .filter((name) => !describesRanks(name))
      .map((name) => [name, [...valuesOf(all[name])]]),
  );
}

/** Options of the operators beside softmax. */
const optionsOf: Readonly<Record<string, Case['options']>> = {
  'linear-decay': { decay: true },
  'linear-softmax': { decay: true },
  dilated: { segment: 2 },
  apb: { anchor: 1, block: 2, top: 1 },
};

/** Case of the first operator that a mutant claims, or else that its scheme computes. */
function caseOf({ operators }: Mutant, scheme: string): Case {
  const dims = { b: 2, hk: 2, g: 2, n: 6 };
  const [operator] = operators ?? operatorsOf(library.schemes.get(scheme) as Scheme);
  if (operator === 'softmax') return schemeCase(dims, { name: 'causal' }, { sink: true });
  const { masks = [] } = library.operators.get(operator) as Operator;
  return { ...schemeCase(dims, { name: masks.includes('causal') ? 'causal' : 'full' }), operator, options: optionsOf[operator] ?? {} };
}

describe('mutants of schemes', () => {
  /** Faults in the output of a block, in the keys that it has, or in how a rank merges its own blocks, rather than between ranks. */
  const shownByOneRank = [
    'ring-own-block-twice',
    'ring-merge-f16',
    'longnet-branches-averaged',
    'longnet-heads-keep-the-same',
    'apb-anchor-passed-on',
    'apb-largest-of-the-rank',
    'apb-keys-of-the-first-head',
    'apb-one-key-fewer',
    'apb-tile-of-the-anchor',
  ];

  test.each(schemeMutants.map((m) => [m.id, m] as const))(
    '%s is right on one rank, unless its fault is in the block itself',
    async (id, mutant) => {
      const parallel = { scheme: schemeOf(mutant), ranks: 1 };
      const c = caseOf(mutant, parallel.scheme);
      const [found, right] = [await outputs(c, parallel, programsOf(mutant)), await outputs(c, parallel)];
      const off = Object.entries(right).flatMap(([name, values]) => values.map((x, at) => Math.abs(x - found[name][at])));
      const wrong = off.some((distance) => !(distance <= 1e-12));
      expect(wrong).toBe(shownByOneRank.includes(id));
    },
  );

  it('are judged by the checks of their scheme alone', () => {
    for (const mutant of schemeMutants) {
      const adapter = adapterOf(mutant);
      const checks = mutantChecks(adapter, Claims.of(createLibrary(), resolveCapabilities(adapter.capabilities, adapter.id)), 50);
      expect(new Set(checks.map(({ scheme }) => scheme))).toEqual(new Set([schemeOf(mutant)]));
    }
  });

  it('are not killed where there is no fault', async () => {
    const fault = { programs: [ringProgram('ring')] };
    const correct: Mutant = { id: 'none', class: 'Ring order', title: 'no fault', imitates: 'nothing', fault };
    const result = await new MutantJudge(library, { seed: 1, runs: 1, speed: 'slow' }).run(correct);
    expect(result).toMatchObject({ killed: false });
    expect(result.cases).toBeGreaterThan(10);
    expect(result).not.toHaveProperty('error');
  });
});

describe('programs that receive from any rank', () => {
  const c = { ...schemeCase({ b: 1, hk: 2, g: 2, n: 32 }, { name: 'causal' }), dtype: 'f32' } as const;

  it.each(['tree-sums-as-they-come', 'dist-receives-from-any'])('%s gives other bits in another order of messages', async (id) => {
    const { programs = [] } = mutantNamed(id);
    const parallel = { scheme: programs[0].name, ranks: 4, orders: 20 };
    expect((await run(c, parallel, false, programs)).differs.data[0]).toBeGreaterThan(0);
    expect((await run(c, parallel, false)).differs.data[0]).toBe(-1);
  });
});

describe('programs of an adapter', () => {
  it('are schemes of their own where a document has their name', async () => {
    const value = { ...(library.schemes.get('ring-striped') as Scheme), name: 'mine' };
    const own = createLibrary([{ kind: 'scheme', document: 'mine.json', value }]);
    const c = schemeCase({ n: 7 }, { name: 'causal' });
    const parallel = { scheme: 'mine', ranks: 3 };
    const found = await run(c, parallel, true, [ringProgram('mine')], own);
    expect([...valuesOf(found.dv)]).toEqual([...valuesOf((await run(c, { ...parallel, scheme: 'ring-striped' }, true)).dv)]);
    expect(await run(c, parallel, true, undefined, own)).toHaveProperty('outcome');
  });
});
