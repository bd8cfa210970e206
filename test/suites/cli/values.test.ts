import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, counts, names, parameters, positiveInteger, seconds, seed, tokens } from '../../../suites/cli/values.js';

describe('values of flags', () => {
  it.each(['x', '', '0', '-1', '1.5', '1e3', ' 1', '0x10', 'Infinity', '99999999999999999999'])('no count: %j', (text) => {
    expect(() => positiveInteger(text)).toThrow(`found "${text}", must be a whole number of at least 1`);
  });

  it.each(['x', '', '0', '-1', 'Infinity', 'NaN', '1s', '.'])('no time: %j', (text) => {
    expect(() => seconds(text)).toThrow(`found "${text}", must be a number of seconds above 0`);
  });

  it.each(['x', '', '-1', '4294967296', 'Random'])('no seed: %j', (text) => {
    expect(() => seed(text)).toThrow(`found "${text}", must be a whole number from 0 to 4294967295, or "random"`);
  });

  it.each(['', '0', '-1', '1.5', '64k M', '1G', '8,', '9007199254740993', '99999999999M'])('no counts: %j', (text) => {
    expect(() => counts(text, undefined)).toThrow(`found "${text}", must be whole numbers of at least 1`);
  });

  it.each(['x', '', '-1', '1023', '17M', '2e4', '1.5K'])('no number of tokens: %j', (text) => {
    expect(() => tokens(text)).toThrow(`found "${text}", must be a whole number from 1024 to 16M`);
  });

  it.each(['', 'left', 'left=', '=1', '1left=1', 'left=1,', 'left=,1', 'left = 1', 'l_t=1'])('no parameter: %j', (text) => {
    expect(() => parameters(text, undefined)).toThrow(`found "${text}", must be a name, "=" and values`);
  });

  it('reads parameters as they were written, whatever they are, or refuses them', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/);
    const value = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constantFrom('1K', '2m', '.5', '-.25', 'causal', '0x10', '1e3'));
    const read: Readonly<Record<string, number>> = { '1K': 1024, '2m': 2 ** 21, '.5': 0.5, '-.25': -0.25 };
    fc.assert(
      fc.property(
        name,
        fc.array(value, { minLength: 1, maxLength: 4 }),
        fc.array(value, { minLength: 1, maxLength: 4 }),
        (key, first, more) => {
          const all = parameters(`${key}=${more.join(', ')}`, parameters(`${key}=${first.join()}`, { other: [1] }));
          expect(all).toEqual({
            other: [1],
            [key]: [...first, ...more].map((own) => (typeof own === 'number' ? own : (read[own] ?? own))),
          });
        },
      ),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const [[key, values], ...others] = Object.entries(parameters(text, undefined));
          expect(others).toEqual([]);
          expect(text.startsWith(`${key}=`)).toBe(true);
          expect(values.length).toBe(text.split(',').length);
          for (const own of values) if (typeof own === 'number') expect(Number.isFinite(own)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
        }
      }),
    );
  });

  it('reads what is allowed', () => {
    expect([tokens('1024'), tokens('99866'), tokens('128K'), tokens('1m')]).toEqual([1024, 99_866, 131_072, 1_048_576]);
    expect(counts('2, 64K,1m', [8])).toEqual([8, 2, 65536, 1048576]);
    expect(names('ring,usp', names('magi', undefined))).toEqual(['magi', 'ring', 'usp']);
    expect(positiveInteger('50')).toBe(50);
    expect([seconds('10'), seconds('0.5'), seconds('.5'), seconds('2.')]).toEqual([10, 0.5, 0.5, 2]);
    expect([seed('0'), seed('4294967295'), seed('random')]).toEqual([0, 4294967295, 'random']);
    expect(collect('b', collect('a', undefined))).toEqual(['a', 'b']);
  });

  it('any text gives a value in range or InvalidArgumentError', () => {
    const text = fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String));
    fc.assert(
      fc.property(text, (t) => {
        for (const [parse, lowest] of [
          [positiveInteger, 1],
          [seconds, Number.MIN_VALUE],
          [seed, 0],
        ] as const) {
          try {
            const value = parse(t);
            expect(value === 'random' || (Number.isFinite(value) && value >= lowest)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidArgumentError);
          }
        }
      }),
    );
  });
});
