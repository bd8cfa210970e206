import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Law, Operator, Term } from '../../../spec/types/documents.js';
import { brokenLaw } from '../../../suites/documents/laws.js';
import { asksAll, someOperators } from '../../some.js';

const library = createLibrary();

/** The library with one operator more, and that operator. */
function withOperator(operator: Operator) {
  const more = createLibrary([{ kind: 'operator', document: 'mine.json', value: operator }]);
  return [more, more.operators.get(operator.name) as Operator] as const;
}

const { second: _, ...plain } = plainOperator;
const softmaxWith = (laws: Law[], change: Partial<Operator> = {}) => withOperator({ ...plain, name: 'mine', laws, ...change });

describe('the laws of a document', () => {
  it.each(someOperators())('hold of the program of %s', (name) => {
    expect(brokenLaw(library, library.operators.get(name) as Operator, 6)).toBeUndefined();
  });

  const half: Operator['options'] = { half: { default: 0, values: [0, 0.5, 1] } };
  const mixed: Operator['program'] = [
    ['s', ['dot', 'q', 'k', 'd']],
    ['p', ['softmax', 's', 'n', { where: 'mask', emptyRow: '$emptyOutput' }]],
    ['o', ['scale', ['-', 1, '$half'], ['dot', 'p', 'v', 'n']]],
  ];
  const mixture = { options: half, optional: {}, program: mixed, outputs: { o: ['b', 'hk', 'g', 'm', 'e'] } };

  it.skipIf(asksAll)('may need a condition, under which they hold', () => {
    const laws: Law[] = [
      { equals: 'softmax', when: { half: 0 }, options: { scale: 1 } },
      { rowsSumTo: 0.5, when: { half: 0.5 } },
    ];
    expect(brokenLaw(...softmaxWith(laws, mixture), 6)).toBeUndefined();
  });

  it.skipIf(asksAll).each<[string, Law, Partial<Operator>]>([
    ['causal', 'causal', {}],
    ['linear-in', { linear: ['k'] }, {}],
    ['permutation', { permute: 'n', together: ['k'] }, {}],
    ['permutation', { permute: 'm', together: ['q'] }, {}],
    ['convex', { rowsSumTo: 2 }, {}],
    ['convex', { rowsSumTo: 1, when: { half: 0.5 } }, mixture],
    ['reduces', { equals: 'linear' }, {}],
    ['reduces', { equals: 'softmax', when: { half: 0.5 }, options: { scale: 1 } }, mixture],
  ])('are told when they do not hold: %s %j', (property, law, change) => {
    const broken = brokenLaw(...softmaxWith([law], change), 20);
    expect(broken?.property).toBe(property);
    // as small as the law can be told on
    const { b, hk, g, m, n } = broken?.case.dims ?? { b: 9, hk: 9, g: 9, m: 9, n: 9 };
    expect([b * hk * g, Math.max(m, n) <= 3]).toEqual([1, true]);
    expect(broken?.failure.message).toMatch(/ is -?[\d.e-]+, expected /);
  });

  it.skipIf(asksAll)('speak of runs over parts, which the state must hold together', () => {
    const whole = library.operators.get('retention') as Operator;
    const doubled: Operator['program'] = whole.program.map(([name, term]) => [name, name === 'state' ? ['scale', 2, term as Term] : term]);
    const { second: __, ...mine } = { ...whole, name: 'mine', program: doubled };
    expect(brokenLaw(...withOperator(mine), 20)).toMatchObject({
      property: 'state-split',
      failure: { message: expect.stringContaining('cut along n') },
    });
  });

  it.skipIf(asksAll).each<[string, Law, RegExp]>([
    ['an output without the axis', { permute: 'n', together: ['k', 'v'], outputs: ['o'] }, /\$\.laws\[0\]\.outputs: o has no axis "n"/],
    ['an input without the axis', { permute: 'm', together: ['k'] }, /\$\.laws\[0\]\.together: k has no axis "m"/],
    ['an unknown input', { linear: ['vv'] }, /\$\.laws\[0\]\.linear: found "vv".*"v"/],
    ['an unknown condition', { rowsSumTo: 1, when: { sinks: 0 } }, /\$\.laws\[0\]\.when: found "sinks".*"sink"/],
    ['keys that are no input', { rowsSumTo: 1, keys: ['kk'] }, /\$\.laws\[0\]\.keys: found "kk".*"k"/],
    ['a state that is no output', { split: 'n', state: { sink: 'end' } }, /\$\.laws\[0\]\.state: found "end"/],
    ['an unknown operator', { equals: 'softmaxx' }, /\$\.laws\[0\]\.equals: found "softmaxx".*"softmax"/],
  ])('are refused where they speak of %s', (_what, law, told) => {
    expect(() => softmaxWith([law])).toThrow(told);
  });

  it.skipIf(asksAll)('are refused where a condition fills an input with what it cannot be', () => {
    const { second: __, ...cache } = library.operators.get('fp8-cache') as Operator;
    const laws: Law[] = [{ rowsSumTo: 0, values: ['valueCodes'], when: { valueScale: 0 } }];
    expect(() => withOperator({ ...cache, name: 'mine', laws })).toThrow(
      /\$\.laws\[0\]\.when\.valueScale: found 0, must be more than 0: it is a scale/,
    );
  });
});
