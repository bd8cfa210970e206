import { describe, expect, it } from 'vitest';
import type { Case, Dims } from '../../../../spec/types/documents.js';
import { asksAll, firstOf } from '../../../some.js';
import { referenceWith } from '../../properties/on-kernel.js';
import { checkedHint } from '../checked.js';

const refusing = (fits: (dims: Dims, c: Case) => boolean) => {
  const kernel = referenceWith();
  const forward: typeof kernel.forward = async (call) => {
    if (!fits(call.case.dims, call.case)) throw new Error('assertion failed');
    return kernel.forward(call);
  };
  return { ...kernel, forward };
};

describe('what a kernel refuses by its sizes alone', () => {
  it.each<[string, (dims: Dims) => boolean]>(
    firstOf(
      [
        ['"limits": {"d":{"multipleOf":8}}', ({ d }) => d % 8 === 0],
        ['"limits": {"n":{"max":64}}', ({ n }) => n <= 64],
        ['"limits": {"e":"=d"}', ({ d, e }) => d === e],
        ['"limits": {"m":"=n"}', ({ m, n }) => m === n],
        ['"grouped": false', ({ g }) => g === 1],
        ['"limits": {"d":[64,128]}', ({ d }) => d === 64 || d === 128],
        ['"limits": {"n":{"min":16}}', ({ n }) => n >= 16],
      ],
      1,
    ),
  )('is to be claimed as %s', async (claim, fits) => {
    expect(await checkedHint(refusing(fits), 'softmax+all/any/oracle/f32')).toBe(
      `its refusals depend on sizes alone: if this is intended, claim ${claim} in its capabilities`,
    );
  });

  it.each(['softmax+all/any/oracle/f32', 'softmax+grouped/any/oracle/f32', 'softmax/any/dialect/f32'])(
    'is groups of heads where one key head fits all: %s',
    async (check) => {
      const broadcasts = refusing(({ hk, g }) => g === 1 || hk === 1);
      expect(await checkedHint(broadcasts, check)).toMatch(/claim "grouped": false in/);
    },
  );

  it.each(['softmax/any/dialect/f32', 'softmax/any/empty-row/f32'])('is no claim of sizes where the mask decides: %s', async (check) => {
    const hint = await checkedHint(
      refusing(({ m, n }, { mask }) => m === n || !('name' in mask && mask.name === 'causal')),
      check,
      { masks: ['full', 'causal'], denseMask: false },
    );
    expect(hint ?? '').not.toContain('claim "limits"');
    if (check.includes('dialect')) expect(hint).toContain('depend on the mask');
  });

  it.skipIf(asksAll)('is claimed together', async () => {
    const hint = await checkedHint(
      refusing(({ d, e }) => d % 16 === 0 && e === d),
      'softmax+all/any/oracle/f32',
    );
    expect(hint).toMatch(/claim "limits": \{("e":"=d","d":\{"multipleOf":16\}|"d":\{"multipleOf":16\},"e":"=d")\} in/);
  });

  it.each<[string, (dims: Dims, c: Case) => boolean]>(
    firstOf(
      [
        ['an option', (_, c) => c.options.softcap === undefined],
        ['a mask', (_, c) => !JSON.stringify(c.mask).includes('window')],
        ['everything', () => false],
        ['what has no rule', ({ m, n }) => (m * 7 + n * 13) % 5 !== 0],
      ],
      1,
    ),
  )('is nothing where it refuses %s', async (_, fits) => {
    expect(await checkedHint(refusing(fits), 'softmax+all/any/oracle/f32')).toBeUndefined();
  });
});
