import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import type { Expression, WgslField } from '../../../spec/types/documents.js';
import type { CallValues } from '../manifest/names.js';

/** Evaluates a checked expression. */
export function evaluate(expression: Expression, values: CallValues): number {
  return evaluateExpression(expression, (name) => values.get(name) as number);
}

/** Alignment of a uniform buffer's size, in bytes. */
const alignment = 16;

const ranges = { u32: [0, 2 ** 32 - 1], i32: [-(2 ** 31), 2 ** 31 - 1] } as const;

/** Packs little-endian four-byte fields. @throws {RangeError} if a value does not fit its type. */
export function packFields(fields: readonly WgslField[], values: CallValues): ArrayBuffer {
  const bytes = new ArrayBuffer(Math.ceil((fields.length * 4) / alignment) * alignment);
  const view = new DataView(bytes);
  fields.forEach(({ name, type, value = name }, x) => {
    const number = evaluate(value, values);
    if (type === 'f32') view.setFloat32(x * 4, number, true);
    else {
      const [least, most] = ranges[type];
      if (!(Number.isInteger(number) && number >= least && number <= most))
        throw new RangeError(`uniform "${name}" is ${number}, which is not a value of type ${type}`);
      view.setUint32(x * 4, number, true);
    }
  });
  return bytes;
}

/** Returns workgroup counts, rounded up. @throws {RangeError} outside 0 to 2³² − 1. */
export function countWorkgroups(workgroups: readonly Expression[], values: CallValues): number[] {
  return workgroups.map((expression, x) => {
    const count = Math.ceil(evaluate(expression, values));
    if (!(count >= 0 && count < 2 ** 32))
      throw new RangeError(`the number of workgroups in ${'xyz'[x]} is ${count}, which must be from 0 to 2³² − 1`);
    return count;
  });
}
