import { describe, expect, it } from 'vitest';
import { fewOf } from '../../../some.js';
import { checked, checkedHint } from '../../runner/checked.js';
import { type BackwardSteps, backwardClaims, backwardWith } from '../naive-backward.js';

const all = 'softmax/full/gradient/f32';
const grouped = 'softmax+grouped/any/gradient/f32';
const softcap = 'softmax+softcap/any/gradient/f32';

const one = () => 1;
const missing = 'a kernel where Δ = Σ do·o is missing from dS';
const unscaled = 'a kernel that leaves the scale out of the gradient';
const undivided = 'a kernel that does not divide the weights by their sum';
const mean = 'a kernel that takes the mean over the query heads of a group instead of their sum';

describe('a backward pass', () => {
  it.each(fewOf([all, grouped, softcap], 1))('is right as it is written first: %s', async (check) => {
    expect(await checked(backwardWith({}), check, backwardClaims)).toMatchObject({ verdict: 'pass' });
  });

  const faults: [string, Partial<BackwardSteps>, string][] = [
    [`the output matches ${missing}`, { delta: () => 0 }, all],
    [`the output matches ${unscaled}`, { scaleOfQ: one, scaleOfK: one }, all],
    [
      'the output matches a kernel whose Δ sums dP over all keys, without the weights',
      { delta: (_, dP) => dP.reduce((s, x) => s + x, 0) },
      all,
    ],
    ['the output matches a kernel that leaves out the derivative of the softcap', { slope: one }, softcap],
    [`the output matches ${mean}`, { share: (_, g) => 1 / g }, grouped],
    [
      'the output matches a kernel where dk and dv of query head h are added to key head h mod Hk',
      { keyHead: (h, _, hk) => h % hk },
      grouped,
    ],
    [`dv matches ${undivided}`, { valueWeight: (p, sum) => p * sum }, all],
    [`dq matches ${unscaled}`, { scaleOfQ: one }, all],
    ['dk matches a kernel that multiplies the gradient by the scale twice', { scaleOfK: (scale) => scale ** 2 }, all],
    // two faults at once
    [`dk matches ${unscaled}; dv matches ${undivided}`, { scaleOfK: one, valueWeight: (p, sum) => p * sum }, all],
    [`dk matches ${missing}; nothing explains dq`, { delta: () => 0, scaleOfQ: one }, all],
  ];

  it.each(fewOf(faults, 4))('%s', async (said, steps, check) => {
    expect(await checkedHint(backwardWith(steps), check, backwardClaims)).toBe(said);
  });
});
