import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, FailingCall, FailureTensors, JsonNumber, ShownTensors } from '../../spec/types/documents.js';
import { describeCase } from './describe-case.js';

type Shown = ShownTensors[string];

/** Formats the failing call: "2 of 5, backward", with its case if it differs from the check's. */
export function describeCall(call: FailingCall, c: Case): string {
  return `${call.number} of ${call.of}, ${call.command}${hasOwnCase(call, c) ? `, of ${describeCase(call.case)}` : ''}`;
}

export function hasOwnCase(call: FailingCall, c: Case): boolean {
  return JSON.stringify(call.case) !== JSON.stringify(c);
}

/** Returns texts of a failing call's tensors as nested lists, if some input is small enough. */
export function tensorLines({ inputs, expected, actual }: FailureTensors): [string, string][] {
  if (!Object.values(inputs).some(({ values }) => values)) return [];
  const named = (tensors: ShownTensors, word: string) =>
    Object.entries(tensors).map(([name, t]): [string, string] => [
      `${word}${name}`,
      `[${t.shape.join(', ')}] ${t.dtype}${describeValues(t)}`,
    ]);
  return [...named(inputs, ''), ...named(expected, 'expected '), ...named(actual, 'actual ')];
}

function describeValues({ dtype, shape, values }: Shown): string {
  if (!values) return ', in the files of the failure';
  const elements = values.map((x) => numberOf(x, dtype));
  // a downloaded document may have any shape
  const fits = shape.every((size) => size > 0) && sizeOf(shape) === values.length;
  return `: ${fits ? nested(elements, shape) : `[${elements.join(', ')}]`}`;
}

function nested(elements: readonly string[], [size, ...rest]: readonly number[]): string {
  if (size === undefined) return elements[0];
  const step = elements.length / size;
  return `[${Array.from({ length: size }, (_, i) => nested(elements.slice(i * step, (i + 1) * step), rest)).join(', ')}]`;
}

/** Formats with the fewest digits that identify the number in float32. */
function numberOf(value: JsonNumber, dtype: string): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'string' || dtype === 'f64' || !Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
