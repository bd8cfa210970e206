import { describe, expect, it } from 'vitest';
import {
  axesOf,
  flatAxesOf,
  listedMasks,
  multipliesScores,
  queryAxisOf,
  usesMask,
  usesMaskAsOperand,
} from '../../../spec/operator/facts.js';
import { ignoresHiddenKeys, isOfVisibleKeysAlone, mergesByLse, positionalOptions } from '../../../spec/operator/locality.js';
import { weightsWithoutQueries } from '../../../spec/operator/read-out.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import type { Operator } from '../../../spec/types/documents.js';
import { operatorWith, plainInputs, scores } from '../program/fixtures.js';

const ours = Object.fromEntries(operatorDocuments.map((o) => [o.name, o]));
const where = { where: 'mask' };
const sigmoid = operatorWith([
  scores,
  ['w', ['div', 1, ['add', 1, ['exp', ['scale', -1, 's']]]]],
  ['a', ['where', 'mask', 'w', 0]],
  ['o', ['dot', 'a', 'v', 'n']],
]);

describe('facts of an operator', () => {
  it('are its masks, its axes, and whether it takes the mask', () => {
    expect(listedMasks(ours.softmax)).toBeUndefined();
    expect(listedMasks(ours.apb)).toEqual(['causal']);
    expect(listedMasks({ masks: undefined })).toEqual(['full']);
    expect(queryAxisOf(ours['linear-causal'])).toBe('n');
    expect(queryAxisOf(ours.linear)).toBe('m');
    expect(flatAxesOf(axesOf(ours.softmax, 'dq') as string[])).toEqual(['b', 'h', 'm', 'd']);
    expect(axesOf(ours['linear-causal'], 'o')).toEqual(['b', 'hk', 'g', 'n', 'e']);
    expect(axesOf(ours.softmax, 'nothing')).toBeUndefined();
    expect([usesMask(ours.softmax), usesMaskAsOperand(ours.softmax)]).toEqual([true, false]);
    expect([usesMask(sigmoid), usesMaskAsOperand(sigmoid)]).toEqual([true, true]);
    expect([usesMask(ours.linear), usesMaskAsOperand(ours.linear)]).toEqual([false, false]);
    const asks = operatorWith([scores, ['o', ['dot', ['when', 'mask', ['softmax', 's', 'n', where], 's'], 'v', 'n']]]);
    expect([usesMask(asks), usesMaskAsOperand(asks)]).toEqual([true, false]);
  });

  it('tell which programs multiply queries with keys: not those in which each meets only what comes of both', () => {
    const weighed = (...statements: unknown[]) => operatorWith([...statements, ['o', ['dot', ['softmax', 's', 'n'], 'v', 'n']]]);
    const both = ['mean', ['add', ['sum', 'q', 'm'], ['sum', 'k', 'n']]];
    expect(multipliesScores(weighed(scores))).toBe(true);
    expect(multipliesScores(weighed(['x', ['scale', 2, 'k']], ['s', ['add', 1, ['dot', 'x', ['tanh', 'q'], 'd']]]))).toBe(true);
    expect(multipliesScores(weighed(both, ['s', ['dot', 'mean', 'k', 'd']], ['t', ['dot', 'q', 'mean', 'd']]))).toBe(false);
    expect(multipliesScores(weighed(['s', ['sum', ['tanh', ['add', 'q', 'k']], 'd']]))).toBe(false);
    expect(multipliesScores(operatorWith([scores, ['o', ['dot', 's', 'v', 'n']]]))).toBe(false);
  });

  it('tell of which programs a mask can be read out', () => {
    const told = Object.fromEntries(operatorDocuments.map((o) => [o.name, weightsWithoutQueries(o)]));
    expect(told).toMatchObject({
      softmax: 'mean',
      linear: undefined,
      'linear-causal': undefined,
      'linear-decay': undefined,
      efficient: undefined,
      dilated: undefined,
      apb: undefined,
      'linear-softmax': undefined,
    });
    expect(weightsWithoutQueries(sigmoid)).toBe('sum');
    // scores that are not 0 when q is
    const relative = operatorWith(
      [
        ['s', ['add', ['dot', 'q', 'k', 'd'], 'r']],
        ['o', ['dot', ['softmax', 's', 'n', where], 'v', 'n']],
      ],
      {
        inputs: { ...plainInputs, r: ['b', 'hk', 'n'] },
      },
    );
    expect(weightsWithoutQueries(relative)).toBeUndefined();
    // weights that are 0 when q is
    expect(weightsWithoutQueries(operatorWith([scores, ['o', ['dot', ['where', 'mask', 's', 0], 'v', 'n']]]))).toBeUndefined();
    // a sink that is always there
    const sunk = operatorWith([scores, ['o', ['dot', ['softmax', 's', 'n', { ...where, sink: 'z' }], 'v', 'n']]], {
      inputs: { ...plainInputs, z: ['hk', 'g'] },
    });
    expect(weightsWithoutQueries(sunk)).toBeUndefined();
  });

  it('tell what a query depends on', () => {
    const told = (o: Operator) => [ignoresHiddenKeys(o), isOfVisibleKeysAlone(o), mergesByLse(o)];
    expect(
      Object.fromEntries(['dilated', 'softmax', 'mfa', 'gated-heads', 'talking-heads'].map((name) => [name, told(ours[name])])),
    ).toEqual({
      dilated: [true, false, false],
      softmax: [true, true, true],
      mfa: [true, true, true],
      'gated-heads': [true, true, false],
      'talking-heads': [true, true, false],
    });
    // they mix in what their masks hide: sums over keys, choices among them
    for (const name of ['linear', 'linear-causal', 'linear-decay', 'efficient', 'apb', 'linear-softmax', 'kinetics'])
      expect(told(ours[name]), name).toEqual([false, false, false]);
    for (const [hidden, visible, merged] of operatorDocuments.map(told)) {
      expect(visible && !hidden).toBe(false);
      expect(merged && !visible).toBe(false);
    }
    expect(positionalOptions(ours.softmax)).toEqual(['alibi']);
    expect([ignoresHiddenKeys(sigmoid), isOfVisibleKeysAlone(sigmoid), mergesByLse(sigmoid)]).toEqual([true, true, false]);
    // gated by the mean of all keys
    const gated = operatorWith([
      scores,
      ['z', ['sum', 'k', 'n']],
      ['o', ['dot', ['softmax', 's', 'n', where], ['mul', 'v', ['sum', 'z', 'd']], 'n']],
    ]);
    expect([ignoresHiddenKeys(gated), isOfVisibleKeysAlone(gated)]).toEqual([false, false]);
    // choices among visible keys that no softmax hides; what is false or 0 where a key is hidden stays so
    const seen = (condition: unknown, x: unknown = 's') =>
      operatorWith([scores, ['o', ['dot', ['where', condition, x, 0], 'v', 'n']]] as never);
    const high = ['positive', 's'];
    for (const [condition, x, visible] of [
      [['and', high, 'mask'], 's', true],
      [['and', ['or', 'mask', 'mask'], ['not', high]], 's', true],
      [['or', high, 'mask'], 's', false],
      [['not', 'mask'], 's', false],
      ['mask', ['stop', ['erf', ['sin', 's']]], true],
      [high, ['sqrt', ['floor', ['round', ['where', 'mask', 's', 0]]]], true],
      [high, ['cos', ['where', 'mask', 's', 0]], false],
    ] as const)
      expect([ignoresHiddenKeys(seen(condition, x)), isOfVisibleKeysAlone(seen(condition, x))], JSON.stringify([condition, x])).toEqual([
        visible,
        visible,
      ]);
    // the largest visible score is the query's own; that of all keys is not
    const above = (most: unknown) =>
      operatorWith([scores, ['o', ['dot', ['where', 'mask', ['exp', ['sub', 's', most]], 0], 'v', 'n']]] as never);
    expect(isOfVisibleKeysAlone(above(['max', 's', 'n', where]))).toBe(true);
    expect(isOfVisibleKeysAlone(above(['max', 's', 'n']))).toBe(false);
    expect(isOfVisibleKeysAlone(above(['max', 's', 'm', where]))).toBe(false);
    // keys as if they were queries, and channels under another name
    const along = (from: string, to: string, x = 'k') =>
      operatorWith(
        [
          ['s', ['dot', 'q', ['rename', ['rename', x, from, to], to, from], 'd']],
          ['o', ['dot', ['softmax', 's', 'n', where], 'v', 'n']],
        ] as never,
        {
          axes: { d2: { same: 'd' }, n2: { same: 'n' } },
        },
      );
    expect(isOfVisibleKeysAlone(along('d', 'd2'))).toBe(true);
    expect(isOfVisibleKeysAlone(along('n', 'n2'))).toBe(false);
    // normalised over the queries, as slots are
    const slots = operatorWith([scores, ['o', ['dot', ['softmax', 's', 'm', where], 'v', 'n']]]);
    expect(isOfVisibleKeysAlone(slots)).toBe(false);
  });

  it('tell moves of tokens from moves of channels', () => {
    const over = (keys: unknown[]) =>
      operatorWith([
        ['x', keys],
        ['s', ['dot', 'q', 'x', 'd']],
        ['o', ['dot', ['softmax', 's', 'n', where], 'v', 'n']],
      ]);
    const told = (keys: unknown[]) => [ignoresHiddenKeys(over(keys)), isOfVisibleKeysAlone(over(keys))];
    expect(told(['rotate', 'k', 'd'])).toEqual([true, true]);
    expect(told(['join', ['split', 'k', 'd', 'c', 'r'], 'c', 'r', 'd'])).toEqual([true, true]);
    expect(told(['gather', 'k', 'd', ['index', 'd']])[0]).toBe(true);
    expect(told(['sum', ['window', 'k', 'n', 'c', 1], 'c'])).toEqual([false, false]);
    expect(told(['gather', 'k', 'n', ['index', 'n']])).toEqual([false, false]);
    expect(told(['concat', ['part', 'k', 'n', 0, 1, 'c'], 'k', 'c', 'n', 'r'])).toEqual([false, false]);
  });
});
