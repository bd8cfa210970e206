import { printMask } from '../../spec/mask/print/print.js';
import type { Case, FailureSummary, WorstCase } from '../../spec/types/documents.js';

const usual = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'];

/** "b=1 hk=1 g=1 m=1 n=2 d=1 e=1, causal, scale=0.5, normal seed 7, f32 bhld". */
export function describeCase(c: Case): string {
  const { operator, dims, mask, options, dtype, layout, dialect, values, ...further } = c;
  const { distribution, seed, ...rest } = values;
  const axes = [...new Set([...usual, ...Object.keys(dims)])];
  return [
    axes.map((axis) => `${axis}=${dims[axis]}`).join(' '),
    printMask(mask),
    ...Object.entries(options).map(([name, value]) => (value === true ? name : `${name}=${value}`)),
    [
      `${distribution} seed ${seed}`,
      ...Object.entries(rest).map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`),
    ].join(' '),
    `${dtype} ${layout}`,
    ...Object.entries(dialect ?? {}).map(([axis, value]) => `${axis}=${value}`),
    ...Object.entries(further).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  ].join(', ');
}

/** Formats sizes with which a case passes: "with n=16, or with m=24 n=24". */
export function describeSizes(passing: NonNullable<FailureSummary['passesWith']>): string {
  return passing
    .map(
      (sizes) =>
        `with ${Object.entries(sizes)
          .map(([axis, size]) => `${axis}=${size}`)
          .join(' ')}`,
    )
    .join(', or ');
}

/** Describes the worst case before shrinking, with the first line of its message. */
export function describeWorst({ case: c, message }: WorstCase): string {
  return `${describeCase(c)}${message === undefined ? '' : `: ${message.trim().split('\n', 1)[0]}`}`;
}
