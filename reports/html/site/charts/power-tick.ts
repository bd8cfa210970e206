import { showNumber } from '../show-number.js';

/** Formats ticks of a logarithmic axis: powers of ten, and 2 and 5 if the range is narrow. */
export function powerTick([low, high]: readonly number[]): (value: number) => string {
  const written = high / low > 1000 ? /^1/ : /^[125]/;
  return (value) => (written.test(value.toExponential()) ? showNumber(value) : '');
}
