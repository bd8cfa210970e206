import { expect, it } from 'vitest';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import { adapterOf } from '../../../adapters/controls/mutants/lib/adapter.js';
import { loadSecondForm } from '../../../adapters/controls/second-form/index.js';
import { everyProperty, judgeOperators } from '../judge-operators.js';

/** For each law a mutant of an operator that states it. */
const kills: readonly (readonly [property: string, mutant: string])[] = [
  ['reduces', 'gated-heads-scale-left-out'],
  ['causal', 'linear-causal-condition-left-out'],
  ['linear-in', 'gated-heads-operand-dropped'],
  ['permutation', 'mla-gate-late'],
  ['convex', 'context-broadcasting-scale-left-out'],
  ['state-split', 'retention-sign-flipped'],
];

it.each(kills)('%s holds of the second form, and fails on %s', async (property, id) => {
  const mutant = mutants.find((known) => known.id === id);
  if (!mutant) throw new Error(`there is no mutant ${id}`);
  const wrong = adapterOf(mutant);
  const right = await loadSecondForm({});
  const [operator] = wrong.capabilities.operators;
  const judge = async (adapter: typeof right) => {
    const options = { runs: 10, filter: [`${operator}/any/${property}/f32`] };
    const told = await judgeOperators(adapter, await adapter.open(), [everyProperty([operator])], options);
    return told.map(({ verdict }) => verdict);
  };
  expect(await judge({ ...right, capabilities: { ...right.capabilities, limits: wrong.capabilities.limits } })).toEqual(['pass']);
  expect(await judge(wrong)).toEqual(['fail law']);
});

it('state-split cuts its runs within the limits on their tokens', async () => {
  const right = await loadSecondForm({});
  const limited = { ...right.capabilities, limits: { ...right.capabilities.limits, n: { multipleOf: 4 } } };
  const kernel = await right.open();
  const lengths = new Set<number>();
  const recording: typeof kernel = {
    environment: kernel.environment,
    forward: (call) => {
      lengths.add(call.case.dims.n);
      return kernel.forward(call);
    },
    [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose](),
  };
  const options = { runs: 6, filter: ['retention/any/state-split/f32'] };
  const told = await judgeOperators({ ...right, capabilities: limited }, recording, [everyProperty(['retention'])], options);
  expect(told.map(({ verdict }) => verdict)).toEqual(['pass']);
  expect([...lengths].filter((n) => n % 4 !== 0)).toEqual([]);
  expect(lengths.size).toBeGreaterThan(2);
});
