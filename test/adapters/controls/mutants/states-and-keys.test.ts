import { describe, expect, it, test } from 'vitest';
import { chosenKeysMutants } from '../../../../adapters/controls/mutants/chosen-keys.js';
import { readScalesMutants } from '../../../../adapters/controls/mutants/codes.js';
import type { Mutant } from '../../../../adapters/controls/mutants/lib/mutant.js';
import { recurrenceMutants } from '../../../../adapters/controls/mutants/recurrences.js';
import { writtenCodesMutants } from '../../../../adapters/controls/mutants/written-codes.js';
import { createLibrary } from '../../../../spec/library.js';
import { MutantJudge } from '../../../../suites/power/judge-mutant.js';

const library = createLibrary();
const mutants = [...recurrenceMutants, ...chosenKeysMutants, ...writtenCodesMutants, ...readScalesMutants];

describe('mutants of states that are handed on, of keys that are chosen, and of codes and scales in caches', () => {
  test.each(mutants.map((m) => [m.id, m] as const))('%s is killed', async (_, mutant) => {
    expect(await new MutantJudge(library, { seed: 1, runs: 50 }).run(mutant)).toMatchObject({ killed: true });
  });

  it('whose answers are wrong are not shown equivalent by their programs', async () => {
    const mutant = mutants.find((m) => m.id === 'gated-delta-final-state-transposed') as Mutant;
    const result = await new MutantJudge(library, { seed: 0, runs: 0 }).run(mutant);
    expect(result).toMatchObject({ killed: false });
    expect(result.equivalent).toBeUndefined();
  });
});
