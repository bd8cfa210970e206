import { type CodeFormat, type Codes, codesOf } from '../../spec/tensor/code-format.js';
import { contiguousData, type Tensor, tensor, valuesOf } from '../../spec/tensor/tensor.js';
import type { FailJudgement } from '../contract/property.js';
import { type Comparand, type Comparison, type Mismatch, unravel } from './compared.js';
import { noErrors } from './error-sums.js';
import { noStatistics } from './statistics.js';

/** Reinterprets the bits as codes. */
export function asCodes(t: Tensor, format: CodeFormat): Tensor {
  const { dtype } = codesOf(format);
  return t.dtype === dtype ? t : tensor(dtype, t.shape, contiguousData(t));
}

/** Fails an answer with a byte that is no code of the format. */
export function wrongCode(output: string, t: Tensor, format: CodeFormat): FailJudgement | undefined {
  const { has } = codesOf(format);
  const given = valuesOf(asCodes(t, format));
  const at = given.findIndex((code) => !has(code));
  if (at < 0) return undefined;
  const index = unravel(at, t.shape);
  const message = `${output}[${index.join(', ')}] is ${given[at]}, not a code of ${format}; store one code per element, unpacked`;
  return { status: 'fail', class: 'value', output, index, actual: given[at], message };
}

/** Compares codes bit by bit. A bound of n accepts codes n steps away, as undecided. */
export function compareCodes({ output, actual, expected, class: name }: Comparand, format: CodeFormat): Comparison {
  const places = placesBetween(codesOf(format));
  const statistics = noStatistics();
  const { value, bound, shape } = expected;
  const given = valuesOf(actual);
  let worst: Mismatch | undefined;
  for (let at = 0; at < value.length; at++) {
    if (bound[at] > 0) statistics.undecided++;
    else statistics.elements++;
    if (bound[at] === Infinity) continue;
    const away = places(given[at], value[at]);
    if (away <= bound[at]) {
      statistics.histogram[0]++;
      continue;
    }
    const ratio = bound[at] > 0 ? away / bound[at] : Infinity;
    statistics.histogram[10]++;
    statistics.maxOverBound = Math.max(statistics.maxOverBound, ratio);
    const found = { class: name, output, index: unravel(at, shape), expected: value[at], actual: given[at], bound: bound[at], ratio };
    worst ??= found;
    if (ratio > worst.ratio) worst = found;
  }
  return { output, statistics, errors: noErrors(), ...(worst && { worst }) };
}

/** Indices of codes that are further from the right one than their bound. */
export function* wrongCodes({ actual, expected: { value, bound } }: Comparand, format: CodeFormat): Generator<number> {
  const places = placesBetween(codesOf(format));
  const given = valuesOf(actual);
  for (let at = 0; at < value.length; at++) if (places(given[at], value[at]) > bound[at]) yield at;
}

/** Steps between two codes. NaN lies beyond the largest number, with either sign. */
function placesBetween({ rank, decode }: Codes): (x: number, r: number) => number {
  const magnitude = (code: number) => (rank(code) < 0 ? -1 - rank(code) : rank(code));
  return (x, r) => {
    const [xIsNaN, rIsNaN] = [x, r].map((code) => Number.isNaN(decode(code)));
    if (Object.is(x, r) || (xIsNaN && rIsNaN)) return 0;
    const places = xIsNaN || rIsNaN ? magnitude(x) - magnitude(r) : rank(x) - rank(r);
    return Number.isNaN(places) ? Infinity : Math.abs(places);
  };
}
