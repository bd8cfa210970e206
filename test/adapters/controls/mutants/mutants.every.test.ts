import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { mutants } from '../../../../adapters/controls/mutants/index.js';
import { adapterOf } from '../../../../adapters/controls/mutants/lib/adapter.js';
import type { Mutant } from '../../../../adapters/controls/mutants/lib/mutant.js';
import { faultClasses } from '../../../../adapters/controls/mutants/lib/mutant.js';
import { mutantNamed, mutantOf } from '../../../../adapters/controls/mutants/named.js';
import { float32Fused } from '../../../../adapters/controls/reference/arithmetic/float32-fused.js';
import type { Call } from '../../../../adapters/kernel.js';
import { loadAdapter } from '../../../../adapters/load.js';
import { drawCase } from '../../../../generators/lib/seeds.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { caseArbitrary } from '../../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { DocumentError } from '../../../../spec/lib/documents.js';
import { createLibrary } from '../../../../spec/library.js';
import { flatAxesOf } from '../../../../spec/operator/facts.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Operator } from '../../../../spec/types/documents.js';
import { asksAll, someOf } from '../../../some.js';

const library = createLibrary();

/** A call with everything that a mutant claims, drawn from a seed. */
function callFor(mutant: Mutant, seed: number, gradients: boolean): Call {
  const adapter = adapterOf(mutant);
  const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
  const [dtype] = capabilities.dtypes;
  const request = { operator: capabilities.operators[0], feature: 'all', mask: 'any', dtype, needs: { gradients } } as const;
  const c = drawCase(caseArbitrary(Claims.of(library, capabilities), request), seed).value;
  return { case: c, tensors: tensorsOf(Claims.of(library, capabilities), c, gradients ? 'backward' : 'forward') };
}

describe('mutants', () => {
  it.skipIf(asksAll)('have names of their own, and say what they imitate', () => {
    expect(new Set(mutants.map((m) => m.id)).size).toBe(mutants.length);
    for (const { id, title, imitates, equivalent } of mutants) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const text of [title, imitates, equivalent ?? 'none']) expect(text.trim().length).toBeGreaterThan(3);
    }
  });

  it.skipIf(asksAll)('are sixty or more, at least two of each class, beside those declared equivalent', () => {
    const faulty = mutants.filter((m) => m.equivalent === undefined);
    expect(faulty.length).toBeGreaterThanOrEqual(60);
    for (const faultClass of faultClasses) expect(faulty.filter((m) => m.class === faultClass).length).toBeGreaterThanOrEqual(2);
  });

  // it refuses some calls: that is its fault
  const answering = mutants.filter((m) => !m.fault.form && m.id !== 'head-size-asserted');
  test.each(someOf(answering, (m) => m.class).map((m) => [m.id, m] as const))('%s answers calls inside its claims', async (_, mutant) => {
    const kernel = await adapterOf(mutant).open();
    const call = callFor(mutant, 1, false);
    const forward = await kernel.forward(call);
    const { outputs } = library.operators.get(call.case.operator) as Operator;
    expect(forward.o.shape).toHaveLength(call.case.packed ? 3 : flatAxesOf(outputs.o).length);
    const gradients = await kernel.backward?.(callFor(mutant, 2, true));
    expect(Object.keys(gradients ?? {})).toEqual(expect.arrayContaining(['dq', 'dk', 'dv']));
  });
});

describe('a mutant as an adapter', () => {
  it.skipIf(asksAll)('is named by --adapter mutant:ID', async () => {
    const adapter = await loadAdapter('mutant:heads-tiled');
    expect(adapter.id).toBe('mutant-heads-tiled');
  });

  it('is had by its id without the others', () => {
    for (const { id, title } of someOf(mutants, (mutant) => mutant.class)) expect(mutantOf(id), id).toMatchObject({ id, title });
  });

  it.skipIf(asksAll)('of an unknown name is refused, with the nearest', () => {
    expect(() => mutantNamed('head-tiled')).toThrow(DocumentError);
    expect(() => mutantNamed('head-tiled')).toThrow(/heads-tiled/);
  });

  it.skipIf(asksAll)('keeps what it counts to itself', async () => {
    const adapter = mutantNamed('zeros-after-20-calls');
    const mutant = mutants.find((m) => m.id === 'zeros-after-20-calls') as Mutant;
    const call = callFor(mutant, 1, false);
    const worn = await adapter.open();
    for (let i = 0; i < 20; i++) await worn.forward(call);
    expect(valuesOf((await worn.forward(call)).o).every((x) => x === 0)).toBe(true);
    const fresh = await adapter.open();
    expect(valuesOf((await fresh.forward(call)).o).some((x) => x !== 0)).toBe(true);
  });
});

describe.skipIf(asksAll)('a mutant that reads past the last key', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  // each read of undefined as an index slows the loops down for all kernels of the process, by a factor of ten
  test.each(mutants.filter(({ fault }) => fault.steps?.endKey).map((m) => [m.id, m] as const))(
    '%s lists no more keys than its row has room for',
    async (_, mutant) => {
      const loops = [vi.spyOn(float32Fused, 'dots'), vi.spyOn(float32Fused, 'combine'), vi.spyOn(float32Fused, 'spread')] as const;
      const kernel = await adapterOf(mutant).open();
      for (let seed = 0; seed < 4; seed++) {
        await kernel.forward(callFor(mutant, seed, false));
        await kernel.backward?.(callFor(mutant, seed, true));
      }
      const [dots, combine, spread] = loops.map(({ mock }) => mock.calls as unknown[][]);
      const counted = [...dots.map((x) => [x[4], x[5]]), ...[...combine, ...spread].map((x) => [x[1], x[2]])] as [Int32Array, number][];
      expect(counted.length).toBeGreaterThan(0);
      expect(counted.every(([keys, count]) => count <= keys.length)).toBe(true);
    },
  );
});
