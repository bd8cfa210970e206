import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { checkMatcher, globMatcher } from '../../../suites/plan/check-glob.js';
import { machineFor } from '../../../suites/plan/glob/machine.js';
import { parseGlob } from '../../../suites/plan/glob/parse.js';

const word = fc.stringMatching(/^[ab+-]{1,3}$/);
const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const piece = fc.oneof(word, fc.constantFrom('*', '?', 'a*', '*b', 'a*b', '{a,b}', '{a,b*}', '{aa,b,?}', '*.*'));
const glob = fc.array(fc.oneof({ weight: 4, arbitrary: piece }, { weight: 2, arbitrary: fc.constant('**') }), {
  minLength: 1,
  maxLength: 5,
});

describe('a glob', () => {
  it('matches what the globs of a shell do', () => {
    fc.assert(
      fc.property(glob, path, (segments, text) => {
        const whole = segments.join('/');
        // picomatch takes `a/**` for a and what is below it, and `*/**` only for what is below
        fc.pre(!/[*?}]\/\*\*$/.test(whole));
        const reference = picomatch(whole, { nobracket: true, noextglob: true, nonegate: true, dot: true });
        expect(globMatcher(whole)(text), `${whole} on ${text}`).toBe(reference(text));
        // both ways to tell agree
        expect(machineFor(parseGlob(whole))(text), `${whole} on ${text}`).toBe(reference(text));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['softmax/*/oracle/f32', 'softmax/causal/oracle/f32', true],
    ['softmax/**', 'softmax', true],
    ['softmax*/**/f32', 'softmax+sink/any/oracle/f32', true],
    ['softmax/*/oracle', 'softmax/causal/oracle/f32', false],
    ['**', 'a/b/c', true],
    ['', '', true],
    ['', 'a', false],
    ['a{b', 'a{b', true],
    ['a{b}', 'a{b}', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
  ])('%j on %j', (pattern, text, matches) => {
    expect(globMatcher(pattern)(text)).toBe(matches);
  });

  it.each([
    '*a'.repeat(300),
    '{a,b}'.repeat(200),
    '**/'.repeat(300),
    '{'.repeat(1000),
    '{,'.repeat(500),
    '?*'.repeat(500),
    '{*,**}'.repeat(160),
  ])('comes to an end on a long text, whatever it is made of', (pattern) => {
    const matches = globMatcher(pattern);
    for (let i = 0; i < 3; i++) matches(`${'a'.repeat(400)}${i}/${'ab'.repeat(200)}`);
  });

  it('is refused where it is longer than any that is meant', () => {
    expect(() => globMatcher('x'.repeat(3000))).toThrow('a glob has 3000 characters, allowed: 1000');
  });

  it('may name the adapter in front', () => {
    expect(checkMatcher('mi*::softmax/**')('mine', 'softmax/a')).toBe(true);
    expect(checkMatcher('mi*::softmax/**')('yours', 'softmax/a')).toBe(false);
  });
});
