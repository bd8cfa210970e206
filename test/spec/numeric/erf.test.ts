import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { erf } from '../../../spec/numeric/erf.js';

/** One in fixed point with 80 decimals. */
const one = 10n ** 80n;

/** √n, rounded down, by Newton's iteration. */
function squareRoot(n: bigint): bigint {
  let root = n;
  for (let next = (n + 1n) / 2n; next < root; next = (root + n / root) / 2n) root = next;
  return root;
}

/** π by Machin's formula, 16 arctan(1/5) − 4 arctan(1/239). */
function pi(): bigint {
  const arctan = (inverse: bigint) => {
    let sum = 0n;
    let power = one / inverse;
    for (let k = 1n; power !== 0n; k += 2n) {
      sum += power / k;
      power = -power / (inverse * inverse);
    }
    return sum;
  };
  return 16n * arctan(5n) - 4n * arctan(239n);
}

const rootOfPi = squareRoot(pi() * one);

/** A float64 in fixed point, exactly if it is no smaller than 2⁻¹⁶⁰. */
function fixed(x: number): bigint {
  let [mantissa, exponent] = [x, 0n];
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent++;
  }
  return (BigInt(mantissa) * one) >> exponent;
}

/** erf x by its Taylor series in fixed point: 80 decimals, of which cancellation takes no more than 16 for |x| ≤ 6. */
function reference(x: number): bigint {
  const square = (fixed(x) * fixed(x)) / one;
  let power = fixed(x);
  let sum = power;
  for (let n = 1n; power !== 0n; n++) {
    power = (-power * square) / one / n;
    sum += power / (2n * n + 1n);
  }
  return (2n * sum * one) / rootOfPi;
}

function relativeError(x: number): number {
  const exact = reference(x);
  return Math.abs(Number(((fixed(erf(x)) - exact) * 10n ** 30n) / exact)) / 1e30;
}

describe('erf', () => {
  it('has the values of tables', () => {
    expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 15);
    expect(erf(1)).toBeCloseTo(0.8427007929497149, 15);
    expect(erf(2)).toBeCloseTo(0.9953222650189527, 15);
  });

  test.prop([fc.double({ min: 1e-6, max: 6, noNaN: true })])('agrees with its Taylor series of 80 decimals', (x) => {
    expect(relativeError(x)).toBeLessThan(5e-16);
  });

  it('agrees where one formula ends and the other begins', () => {
    for (const x of [1 - 2 ** -53, 1, 1 + 2 ** -52, 6, 5.999999]) expect(relativeError(x)).toBeLessThan(5e-16);
  });

  test.prop([fc.double({ noNaN: true })])('is odd, and never beyond ±1', (x) => {
    expect(erf(-x)).toBe(-erf(x));
    expect(Math.abs(erf(x))).toBeLessThanOrEqual(1);
  });

  it('is ±1 at the ends, keeps zeros with their sign and has the slope 2/√π there', () => {
    expect([erf(Infinity), erf(-Infinity), erf(7), erf(0)]).toEqual([1, -1, 1, 0]);
    expect(Object.is(erf(-0), -0)).toBe(true);
    expect(erf(NaN)).toBeNaN();
    expect(erf(1e-300) / 1e-300).toBeCloseTo(2 / Math.sqrt(Math.PI), 15);
  });
});
