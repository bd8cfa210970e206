import { printMask } from '../../../spec/mask/print/print.js';
import type { Case } from '../../../spec/types/documents.js';
import type { Evidence, TellingElement } from './finding.js';
import type { DialectPlan } from './plan.js';
import type { Reading } from './reading.js';

/** Text like `causal, m=4 n=7, …: o[0, 0, 1, 4] is 0.2; bottom-right would give 0.2, …`. */
export function describeReading(c: Case, { output, index, actual, would, fits, near, because }: Reading): string {
  const [first, ...rest] = would.map(
    ([value, x], place) => `${value}${place === 0 ? ' would give' : ''} ${value === 'finite' ? 'a number ≤ −1e4' : short(x)}`,
  );
  const none = fits.length === 0 ? `; fits none${because ? `: ${because}` : ''}` : '';
  const inexact = near && fits.length > 0 ? `; within the bound of none, ${fits.join(' or ')} is nearest by far` : '';
  return `${describeCase(c)}: ${at({ output, index, actual })}; ${[first, ...rest].join(', ')}${none}${inexact}`;
}

/** Describes an element with NaN or large numbers in hidden slots, and its value without. */
export function describePoisoned(c: Case, element: TellingElement, changed: boolean): string {
  const what = c.values.poison === 'nan' ? 'NaN' : '10000';
  const where = `${describeCase(c)}, ${what} in the keys and values that no query sees: ${at(element)}`;
  return `${where}, without ${changed ? short(element.expected) : 'it too'}`;
}

/** Describes two contradicting answers, each with its case. */
export function contradictionOf({ calls }: DialectPlan, speaking: readonly Evidence[]): string {
  const [first] = speaking;
  const other = speaking.find(({ fits }) => !fits.some((value) => first.fits.includes(value))) ?? speaking[speaking.length - 1];
  const one = ({ call, fits }: Evidence) => `${fits.join(' or ')} in ${describeCase(calls[call].case)}`;
  return `its answers contradict each other: ${one(first)}; ${one(other)}`;
}

export function describeRefusal(c: Case, refused: string): string {
  return `${describeCase(c)}: ${refused}`;
}

function at({ output, index, actual }: Omit<TellingElement, 'expected'>): string {
  return `${output}[${index.join(', ')}] is ${short(actual)}`;
}

function describeCase({ mask, dims, options, values }: Case): string {
  const { b, hk, g, m, n } = dims;
  const heads = hk * g > 1 ? ` hk=${hk} g=${g}` : '';
  const extra = Object.entries(options).map(([name, value]) => (value === true ? `, ${name}` : `, ${name}=${value}`));
  const read = values.distribution === 'visibility' ? ', q=0, v one-hot' : '';
  return `${printMask(mask)},${b > 1 ? ` b=${b}` : ''}${heads} m=${m} n=${n}${extra.join('')}${read}`;
}

function short(x: number): string {
  return String(Number(x.toPrecision(4)));
}
