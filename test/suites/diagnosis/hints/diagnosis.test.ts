import { expect, it } from 'vitest';
import type { Diagnosis } from '../../../../suites/contract/diagnosis.js';
import { explanationOf } from '../../../../suites/diagnosis/hints/diagnosis.js';

const hintOf = (...evidence: Parameters<typeof explanationOf>) => explanationOf(...evidence).hint;

const x = { text: 'unmasked attention' };
const y = { text: 'a causal mask without its diagonal' };
const both: Diagnosis = { answers: [x, y], signs: [] };

it('sizes of a hypothesis stand in its text, one key as one', () => {
  const text = 'a kernel where the last tile of {} keys is skipped';
  const tiles = (...sizes: number[]) => hintOf([{ answers: sizes.map((size) => ({ text, size })), signs: [] }], { failing: [] });
  expect(tiles(1)).toBe('the output matches a kernel where the last tile of 1 key is skipped');
  expect(tiles(1, 16)).toBe('the output matches a kernel where the last tile of 1 or 16 keys is skipped');
});

it('a hypothesis that no other case confirms, and that other values refute, is not said', () => {
  expect(hintOf([both], { failing: [], refuted: [x] })).toBe(`the output matches ${y.text}`);
  expect(hintOf([both], { failing: [], refuted: [x, y] })).toBeUndefined();
  // a fault that fails with other values too, and not with all, is confirmed by those that fail
  expect(hintOf([both], { failing: [both], refuted: [x, y] })).toBe(`the output matches ${x.text}, and also ${y.text}`);
});

it('a hypothesis that no other case confirms must explain several wrong elements', () => {
  const said = (explained: number, failing: (typeof both)[] = []) => hintOf([{ ...both, answers: [x], explained }], { failing, least: 4 });
  expect(said(4)).toBe(`the output matches ${x.text}`);
  expect(said(3)).toBeUndefined();
  expect(said(3, [both])).toBe(`the output matches ${x.text}`);
});

it('of several hypotheses, one is said that a right case allows where it refutes the other', () => {
  const said = (right: NonNullable<Parameters<typeof hintOf>[1]>['right']) => hintOf([both], { failing: [both], right });
  expect(said([])).toBe(`the output matches ${x.text}, and also ${y.text}`);
  expect(said([{ refutes: [x], allows: [y] }])).toBe(`the output matches ${y.text}`);
  expect(said([{ refutes: [x], allows: [y] }, { refutes: [x, y] }])).toBe(`the output matches ${y.text}`);
  // a fault that depends on something else than both is in neither
  expect(said([{ refutes: [x] }])).toBe(`the output matches ${x.text}, and also ${y.text}`);
  expect(
    said([
      { refutes: [x], allows: [y] },
      { refutes: [y], allows: [x] },
    ]),
  ).toBe(`the output matches ${x.text}, and also ${y.text}`);
});

it('of several hypotheses, one is said that explains a failing case which the other does not, whatever right cases say', () => {
  const [onlyX, onlyY] = [x, y].map((one): Diagnosis => ({ answers: [one], signs: [] }));
  const said = (...others: Diagnosis[]) => hintOf([both], { failing: [both], others, right: [{ refutes: [x], allows: [y] }] });
  expect(said(both)).toBe(`the output matches ${y.text}`);
  expect(said(onlyX)).toBe(`the output matches ${x.text}`);
  expect(said({ answers: [x], untold: [y], signs: [] })).toBe(`the output matches ${y.text}`);
  expect(said(onlyX, onlyY)).toBe(`the output matches ${y.text}`);
  // what says only how far off outputs may be explains more cases than what they are
  const loose = { ...x, bounded: true } as const;
  const ofLoose: Diagnosis = { answers: [loose], signs: [] };
  expect(hintOf([{ answers: [loose, y], signs: [] }], { failing: [], others: [ofLoose] })).toBe(`the output matches ${y.text}`);
});

it('a hypothesis that holds in variants of the case alone is not said: one key, whatever its values, is not several', () => {
  const none: Diagnosis = { answers: [], signs: [] };
  const said = (...others: Diagnosis[]) => hintOf([both], { failing: [both, both, both, ...others], others });
  expect(said(none, none)).toBeUndefined();
  expect(said({ answers: [], untold: [x, y], signs: [] })).toContain(x.text);
  // cases that are too large to test any hypothesis tell nothing
  expect(said({ answers: undefined, signs: [] })).toContain(x.text);
});

it('a hypothesis is said only where it holds in all cases that it is said of, and is about most of the others', () => {
  const none: Diagnosis = { answers: [], signs: [] };
  const onlyX: Diagnosis = { answers: [x], signs: [] };
  const unrelated: Diagnosis = { answers: [], beside: [x, y], signs: [] };
  const said = (...failing: Diagnosis[]) => hintOf([both], { failing });
  const six = [onlyX, onlyX, onlyX, onlyX, onlyX, onlyX];
  // another failing case may have another fault, and one with other values has none
  expect(said(...six, none)).toBe(`the output matches ${x.text}`);
  expect(said(onlyX, none)).toBeUndefined();
  expect(hintOf([both], { failing: [...six, none], variants: [onlyX, none] })).toBeUndefined();
  expect(said(onlyX, onlyX, unrelated)).toBe(`the output matches ${x.text}`);
  expect(said(onlyX, unrelated)).toBeUndefined();
  // one of the cases that were tried is one of them
  expect(hintOf([both, none], { failing: [onlyX, onlyX, onlyX, onlyX] })).toBeUndefined();
});

it('explanations are those of the hint or, without one, all that no case refutes', () => {
  const z = { text: 'a causal mask that is lost' };
  const three: Diagnosis = { answers: [x, y, z], signs: [] };
  const left = (...args: Parameters<typeof explanationOf>) => explanationOf(...args).explanations;
  const texts = (...hypotheses: (typeof x)[]) => hypotheses.map(({ text }) => ({ text }));
  expect(explanationOf([both])).toEqual({ hint: hintOf([both]), explanations: texts(x, y) });
  expect(explanationOf([three])).toEqual({ explanations: texts(x, y, z) });
  const tiles = [8, 16].map((size) => ({ text: 'tiles of {} keys', size }));
  expect(left([{ answers: [...tiles, x, y], signs: [] }])).toEqual([{ text: 'tiles of {} keys', sizes: [8, 16] }, ...texts(x, y)]);
  expect(left([{ ...both, answers: [x], explained: 1 }], { failing: [], least: 4 })).toEqual(texts(x));
  // a sign says something else
  expect(explanationOf([{ ...three, signs: ['every element of o is 0'] }])).toEqual({ hint: 'every element of o is 0' });
  const none: Diagnosis = { answers: [], signs: [] };
  expect(left([three], { failing: [three, none] })).toBeUndefined();
  expect(left([three], { failing: [], others: [{ answers: [y, z], untold: [x], signs: [] }] })).toEqual(texts(x, y, z));
  expect(left([three], { failing: [], refuted: [x] })).toEqual(texts(y, z));
  const loose = [{ ...x, bounded: true } as const, { ...x, output: 'dk' }];
  expect(left([{ answers: loose, signs: [], explained: 0 }], { failing: [], least: 4 })).toBeUndefined();
});

it('gradients that have too many explanations together are not explained alone', () => {
  const z = { text: 'a causal mask that is lost' };
  const all: Diagnosis = { answers: [x, y, z], wrong: ['dk', 'dv'], signs: [] };
  const dk: Diagnosis = { answers: [{ ...x, output: 'dk' }], wrong: ['dk'], signs: [] };
  const texts = [x, y, z].map(({ text }) => ({ text }));
  expect(explanationOf([all, dk], { failing: [all, all] })).toEqual({});
  expect(explanationOf([all, { ...dk, untold: [x, y, z] }], { failing: [all, all] })).toEqual({ explanations: texts });
});

it('gradients that nothing explains together are explained alone', () => {
  const of = (one: typeof x, output: string) => ({ ...one, output });
  const wrong = (...outputs: string[]) => ({ wrong: outputs, signs: [] });
  const dq = of(x, 'dq');
  const dk = of(y, 'dk');
  const two: Diagnosis = { answers: [dq, dk], ...wrong('dq', 'dk') };
  const said = (own: Diagnosis[], ...failing: Diagnosis[]) => hintOf(own, { failing });
  expect(said([two])).toBe(`dq matches ${x.text}; dk matches ${y.text}`);
  expect(said([{ answers: [dq, of(x, 'dk')], ...wrong('dq', 'dk') }])).toBe(`dq and dk match ${x.text}`);
  expect(said([{ answers: [dq], ...wrong('dq', 'dk') }])).toBe(`dq matches ${x.text}; nothing explains dk`);
  // a case whose dk is right does not tell what is wrong with dk
  expect(said([two, { answers: [dq], ...wrong('dq') }])).toBe(`dq matches ${x.text}; dk matches ${y.text}`);
  expect(said([two], { answers: [dq], signs: [] })).toBe(`dq matches ${x.text}; nothing explains dk`);
  // what explains all gradients of one case may explain one of another's
  expect(said([{ answers: [x], ...wrong('dq', 'dk') }, two], { answers: [dq], signs: [] })).toBe(
    `dq matches ${x.text}; nothing explains dk`,
  );
  // what explains all of them everywhere is said of all
  expect(said([{ answers: [x], ...wrong('dq', 'dk') }])).toBe(`the output matches ${x.text}`);
});
