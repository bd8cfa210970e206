import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import type { NamedMask } from '../../../spec/types/documents.js';
import { type Sweep, shorter, workloadsOf } from '../../../suites/bench/problems.js';

const library = createLibrary();
const sweep: Sweep = {
  operator: 'softmax',
  masks: ['block-sparse'],
  lengths: [512],
  dtypes: ['f32'],
  passes: ['forward'],
  sizes: { b: 1, hk: 1, g: 2, d: 8 },
  schemes: [],
  ranks: [],
  transport: 'workers',
  seed: 3,
};
const masksOf = (change: Partial<Sweep>) =>
  workloadsOf(library, { ...sweep, ...change }).map(([{ case: c, swept }]) => ({ ...(c.mask as Required<NamedMask>), swept }));

describe('parameters that flags give', () => {
  it('are timed in every combination, where a mask has them', () => {
    const found = masksOf({ masks: ['causal', 'block-sparse'], parameters: { share: [0.1, 1], block: [64, 128] } });
    expect(found.map(({ swept }) => swept)).toEqual([
      undefined,
      { share: 0.1, block: 64 },
      { share: 0.1, block: 128 },
      { share: 1, block: 64 },
      { share: 1, block: 128 },
    ]);
    for (const { parameters, swept } of found.slice(1)) expect(parameters).toMatchObject(swept ?? {});
  });

  it('make what depends on them fit', () => {
    const [{ parameters }] = masksOf({ masks: ['block-causal-document'], parameters: { block: [128] } });
    expect((parameters.lengths as number[]).every((length) => length % 128 === 0)).toBe(true);
    expect(masksOf({ masks: ['variable-block-sparse'], parameters: { mean: [16] } })[0].parameters).toMatchObject({ mean: 16, min: 16 });
  });

  it.each<[Partial<Sweep>, RegExp]>([
    [{ parameters: { shore: [1] } }, /^--param shore: no timed mask has this parameter; .*"share"/],
    [{ parameters: { share: [2] } }, /^block-sparse at 512 tokens: share: found 2, must be a number from 0 to 1/],
    [
      { masks: ['document'], parameters: { lengths: ['pile'] } },
      /^--param lengths: name a distribution of lengths instead: --lengths pile/,
    ],
    [{ masks: ['document'], lengthsOf: ['pyle'] }, /^--lengths: found "pyle", nearest of \d+: "pile"/],
    [
      { masks: ['block-causal-document'], parameters: { block: [100] } },
      /^block-causal-document at 512 tokens: lengths: .*multiples of "block" = 100/,
    ],
  ])('%j are refused', (change, message) => {
    expect(() => workloadsOf(library, { ...sweep, ...change })).toThrow(message);
  });
});

describe('lengths of documents', () => {
  it('are drawn from the distributions that are asked for, the same for the same seed', () => {
    const asked = { masks: ['document', 'full'], lengths: [4096], lengthsOf: ['pile', 'prolong64k'] };
    const found = masksOf(asked);
    expect(found.map(({ swept }) => swept)).toEqual([{ lengths: 'pile' }, { lengths: 'prolong64k' }, undefined]);
    const [pile, prolong] = found.map(({ parameters }) => parameters?.lengths);
    expect(pile).not.toEqual(prolong);
    expect(masksOf(asked)).toEqual(found);
    expect(masksOf({ ...asked, seed: 4 })[0].parameters.lengths).not.toEqual(pile);
  });

  it('are by source those that LongCA-bench takes for so many tokens', () => {
    const found = masksOf({ masks: ['document'], lengths: [12288, 12289, 65536, 65537, 2 ** 21], lengthsOf: 'source' });
    expect(found.map(({ swept }) => swept?.lengths)).toEqual(['pile', 'prolong64k', 'prolong64k', 'prolong512k', 'prolong512k']);
  });
});

describe('large problems', () => {
  it('are judged by a sample of their rows', () => {
    const rows = (n: number) => workloadsOf(library, { ...sweep, masks: ['causal'], lengths: [n] })[0][0].case.values.rows;
    // two heads: 2²⁴ cells at 2,896 tokens
    expect([rows(2896), rows(2897)]).toEqual([undefined, 256]);
  });

  it('have a shorter one that is otherwise the same', () => {
    const [workload] = workloadsOf(library, { ...sweep, parameters: { share: [1, 0.5] } }).slice(1);
    const [half] = shorter(library, { ...sweep, parameters: { share: [1, 0.5] } }, workload) ?? [];
    expect(half).toMatchObject({ swept: { share: 0.5 }, pass: 'forward', case: { dims: { n: 256, m: 256 } } });
    const [[one]] = workloadsOf(library, { ...sweep, masks: ['causal'], lengths: [1] });
    expect(shorter(library, sweep, [one])).toBeUndefined();
  });
});
