import { describe, expect, it, test } from 'vitest';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import type { Mutant } from '../../../adapters/controls/mutants/lib/mutant.js';
import { createLibrary } from '../../../spec/library.js';
import { MutantJudge } from '../../../suites/power/judge-mutant.js';
import { asksAll, firstOf, inEvery } from '../../some.js';
import { diagnoses, maySay } from './diagnoses.js';

// the properties whose answers explain the most
const filter = ['**/{oracle,visibility,stateless,empty-row}/*'];
const judge = new MutantJudge(createLibrary(), { seed: 0, runs: 50, filter, speed: 'slow' });

const hintOf = async (id: string, by = judge) => (await by.run(mutants.find((m) => m.id === id) as Mutant)).kill?.hint;

// one of each class; npm run accept judges them all
const spread = [
  'empty-row-divided',
  'causal-whole-tiles',
  'window-one-too-many',
  'mask-inverted',
  'partial-tile-skipped',
  'heads-tiled',
  'scale-from-padded-size',
  'lse-transposed',
  'queries-ignored',
  'head-size-asserted',
];

describe('what is said of a mutant', () => {
  test.each(firstOf(spread, 2))('%s: what is wrong with it', async (id) => {
    expect(await hintOf(id)).toMatch(diagnoses[id].says);
  });

  test.each(firstOf(['small-rescale-left-out', 'lse-mixed-bases'], 1))(
    '%s: nothing, where nothing that is tried explains it',
    async (id) => {
      expect(await hintOf(id)).toBeUndefined();
    },
  );

  it.each(inEvery(['mask-added-to-scores']))('%s: nothing, where a case that tells is found late', async (id) => {
    expect(await hintOf(id, new MutantJudge(createLibrary(), { seed: 1, runs: 50, filter, speed: 'slow' }))).toBeUndefined();
  });

  const late: [id: string, filter: string, seed: number][] = [
    ['accumulator-f16', '**/oracle/*', 1],
    ['accumulator-f16', '**/oracle/*', 2],
    ['products-tf32', '**/oracle/*', 0],
    ['exponential-approximate', '**/oracle/*', 1],
    ['maximum-from-0', '**/lse-merge/*', 2],
    ['output-cached-without-sink', '**/stateless/*', 0],
  ];

  it.each(firstOf(late, 1))(
    '%s, by %s on seed %d: what is wrong, although the first cases and the smallest do not tell',
    async (id, filter, seed) => {
      const hint = await hintOf(id, new MutantJudge(createLibrary(), { seed, runs: 50, filter: [filter], speed: 'slow' }));
      expect(hint).toMatch(diagnoses[id].says);
      expect(hint).not.toMatch(/no maximum is subtracted/);
    },
  );

  it.skipIf(asksAll)('ring-merge-f16: nothing, where the ranks of a scheme are less precise than its kernel', async () => {
    expect(
      await hintOf('ring-merge-f16', new MutantJudge(createLibrary(), { seed: 0, runs: 50, filter: ['**/any-world/*'], speed: 'slow' })),
    ).toBeUndefined();
  });

  it.skipIf(asksAll)('may be a sign, of any mutant; else only what is true of it', () => {
    expect(maySay('k-contiguous', 'every element of o is 0')).toBe(true);
    expect(maySay('zeros', 'the wrong elements of dk all belong to tokens of rank 0; those of the other ranks are right')).toBe(true);
    expect(maySay('zeros', 'the running maximum starts at 0 instead of −∞')).toBe(false);
    expect(maySay('causal-top-left', 'unmasked attention')).toBe(false);
  });

  it.skipIf(asksAll)('is told of mutants that there are', () => {
    const ids = mutants.map(({ id }) => id);
    expect(Object.keys(diagnoses).filter((id) => !ids.includes(id))).toEqual([]);
    expect(spread.filter((id) => !diagnoses[id]?.always)).toEqual([]);
  });
});
