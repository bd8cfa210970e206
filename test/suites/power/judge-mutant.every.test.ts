import { describe, expect, it, test } from 'vitest';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import type { Mutant } from '../../../adapters/controls/mutants/lib/mutant.js';
import { createLibrary } from '../../../spec/library.js';
import { MutantJudge, type PowerBudget } from '../../../suites/power/judge-mutant.js';
import { asksAll } from '../../some.js';

const library = createLibrary();
const mutantNamed = (id: string) => mutants.find((m) => m.id === id) as Mutant;

describe('judging a mutant', () => {
  it.skipIf(asksAll)('without a fault finds none, in any check', async () => {
    const correct: Mutant = { id: 'none', class: 'Causal', title: 'no fault', imitates: 'nothing', fault: {} };
    const result = await new MutantJudge(library, { seed: 1, runs: 1, speed: 'slow' }).run(correct);
    expect(result).toMatchObject({ id: 'none', killed: false });
    expect(result.cases).toBeGreaterThan(20);
    expect(result).not.toHaveProperty('kill');
  });

  test.skipIf(asksAll).each([
    ['causal-diagonal-lost', { m: 1, n: 1, d: 1, e: 1 }],
    ['causal-top-left', { m: 1, n: 2, d: 1, e: 1 }],
    ['heads-tiled', { hk: 2, g: 2, m: 1, n: 1 }],
  ])('%s ends in its minimal case', async (id, dims) => {
    const filter = ['softmax{,+cross,+grouped}/*/oracle/f32'];
    const result = await new MutantJudge(library, { seed: 0, runs: 50, filter, speed: 'slow' }).run(mutantNamed(id));
    expect(result.killed).toBe(true);
    expect(result.kill?.case.dims).toMatchObject(dims);
  });

  it.skipIf(!asksAll)('gives the same for the same seed', async () => {
    const judged = [];
    const budget: PowerBudget = { seed: 5, runs: 10, filter: ['softmax{,+all}/any/{oracle,visibility}/f32'], speed: 'slow' };
    for (let i = 0; i < 2; i++) judged.push({ ...(await new MutantJudge(library, budget).run(mutantNamed('heads-tiled'))), seconds: 0 });
    expect(judged[1]).toEqual(judged[0]);
  });
});
