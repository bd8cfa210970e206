import { showNumber } from '../show-number.js';

/** Writes the ticks of a logarithmic axis: of a wide one the powers of ten alone, else also 2 and 5. @param range its least and greatest value. */
export function powerTick([low, high]: readonly number[]): (value: number) => string {
  const written = high / low > 1000 ? /^1/ : /^[125]/;
  return (value) => (written.test(value.toExponential()) ? showNumber(value) : '');
}
